import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Collection } from '../../store.ts';
import { field, type VendorContext } from '../vendor.ts';
import type { ShownQuantity } from './graphql.ts';

const LARGEST_PAGE = 250;
/** Ids that one request may name. */
const MOST_LOCATIONS = 50;
const MOST_ITEMS = 100;

/** Shopify tells the time no finer. */
export const toTheSecond = (at: string): string => at.replace(/\.\d+Z$/, 'Z');

const idsOf = (request: FastifyRequest, name: string) => field(request.query, name).split(',').filter(Boolean);

/** `GET inventory_levels.json` and `inventory_items.json`; further pages by the Link header, as shopify.dev tells. */
export function levelRoutes(
  app: FastifyInstance,
  prefix: string,
  context: VendorContext,
  shown: Collection<ShownQuantity>,
): void {
  app.get(`${prefix}/inventory_levels.json`, (request, reply) => {
    const locations = idsOf(request, 'location_ids');
    const items = idsOf(request, 'inventory_item_ids');
    const next = field(request.query, 'page_info');
    if (locations.length === 0 && items.length === 0 && next === '')
      return reply
        .code(422)
        .send({ errors: { inventory_item_ids: ['Either inventory_item_ids or location_ids must be present'] } });
    if (locations.length > MOST_LOCATIONS || items.length > MOST_LOCATIONS)
      return reply.code(422).send({ errors: { base: ['Too many ids'] } });
    const asked = next === '' ? { locations, items, offset: 0 } : readPage(next);
    const limit = Math.min(LARGEST_PAGE, Number(field(request.query, 'limit')) || 50);
    const found = [...shown.values()]
      .map((level) => ({ level, item: context.catalogue.bySku(level.sku)?.inventoryItemId }))
      .filter(({ level }) => asked.locations.length === 0 || asked.locations.includes(level.location_id))
      .filter(({ item }) => asked.items.length === 0 || asked.items.includes(String(item)))
      .sort((a, b) => (a.item ?? 0) - (b.item ?? 0) || a.level.location_id.localeCompare(b.level.location_id));
    const page = found.slice(asked.offset, asked.offset + limit);
    if (found.length > asked.offset + limit)
      linkNext(request, reply, { ...asked, offset: asked.offset + limit }, limit);
    return reply.send({
      inventory_levels: page.map(({ level, item }) => ({
        inventory_item_id: item,
        location_id: Number(level.location_id),
        available: level.quantity,
        updated_at: toTheSecond(level.at),
        admin_graphql_api_id: `gid://shopify/InventoryLevel/${level.location_id}?inventory_item_id=${item}`,
      })),
    });
  });
  app.get(`${prefix}/inventory_items.json`, (request, reply) => {
    const ids = idsOf(request, 'ids');
    if (ids.length === 0 || ids.length > MOST_ITEMS)
      return reply.code(422).send({ errors: { ids: ['must be between 1 and 100 ids'] } });
    return reply.send({
      inventory_items: ids.flatMap((id) => {
        const item = context.catalogue.byInventoryItem(Number(id));
        return item === undefined ? [] : [{ id: item.inventoryItemId, sku: item.sku, tracked: true }];
      }),
    });
  });
}

export interface PageAsked {
  locations: string[];
  items: string[];
  offset: number;
}

/** What stands in `page_info` is the vendor's own affair; nobody but the vendor reads it. */
export const readPage = (pageInfo: string): PageAsked =>
  JSON.parse(Buffer.from(pageInfo, 'base64url').toString()) as PageAsked;

export function linkNext(request: FastifyRequest, reply: FastifyReply, next: object, limit: number): void {
  const info = Buffer.from(JSON.stringify(next)).toString('base64url');
  const path = request.url.split('?')[0] ?? '';
  void reply.header(
    'link',
    `<${request.protocol}://${request.host}${path}?limit=${limit}&page_info=${info}>; rel="next"`,
  );
}
