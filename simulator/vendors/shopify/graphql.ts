import type { FastifyInstance, FastifyReply } from 'fastify';
import { createBucket } from '../../bucket.ts';
import type { Collection } from '../../store.ts';
import type { ShopProducts } from './products.ts';
import type { ShopPrices } from './prices.ts';
import { field, jsonBody, listAt, objectAt, type JsonObject, type VendorContext } from '../vendor.ts';

/** Shopify's enterprise plan: 20,000 points at once, 2,000 a second. */
const MAXIMUM = 20_000;
const RESTORE = 2_000;
const itemPrefix = 'gid://shopify/InventoryItem/';
const locationPrefix = 'gid://shopify/Location/';

interface UserError {
  code: string;
  field: string[];
  message: string;
}

/** What the shop shows as available, by SKU and location. */
export interface ShownQuantity {
  sku: string;
  location_id: string;
  quantity: number;
  at: string;
  reference: string;
}

/** Just the operations the engine uses: setting available quantities, prices and products, and finding items by SKU. */
export function graphqlRoutes(
  app: FastifyInstance,
  prefix: string,
  context: VendorContext,
  shown: Collection<ShownQuantity>,
  prices: ShopPrices,
  products: ShopProducts,
): void {
  const bucket = createBucket(MAXIMUM, RESTORE);
  const answer = (reply: FastifyReply, cost: number, data: unknown) =>
    reply.send({ data, extensions: { cost: costShape(cost, bucket.level()) } });

  app.post(`${prefix}/graphql.json`, (request, reply) => {
    const body = jsonBody(request);
    const query = field(body, 'query');
    const variables = objectAt(body, 'variables');
    if (query === '') return reply.code(400).send({ errors: { query: 'Required parameter missing or invalid' } });
    const cost = /inventorySetQuantities|productVariantsBulkUpdate/.test(query) ? 10 : 5;
    if (context.conditions.limits && !bucket.take(cost))
      return reply.send({
        errors: [
          {
            message: 'Throttled',
            extensions: { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' },
          },
        ],
        extensions: { cost: costShape(cost, bucket.level()) },
      });
    if (query.includes('inventorySetQuantities'))
      return answer(reply, cost, {
        inventorySetQuantities: setQuantities(context, shown, objectAt(variables, 'input')),
      });
    if (query.includes('productUpdate')) return answer(reply, cost, products.update(variables));
    if (query.includes('productVariantsBulkUpdate'))
      return answer(reply, cost, { productVariantsBulkUpdate: prices.update(variables) });
    if (/\binventoryItems?\b|\bproductVariants\b/.test(query))
      return answer(reply, cost, findItems(context, prices, products, `${query} ${JSON.stringify(variables ?? {})}`));
    return reply.send({
      errors: [{ message: 'The simulated shop knows no such operation', extensions: { code: 'undefinedField' } }],
    });
  });
}

function costShape(cost: number, level: number) {
  return {
    requestedQueryCost: cost,
    actualQueryCost: cost,
    throttleStatus: {
      maximumAvailable: MAXIMUM,
      currentlyAvailable: Math.floor(MAXIMUM - level),
      restoreRate: RESTORE,
    },
  };
}

function setQuantities(context: VendorContext, shown: Collection<ShownQuantity>, input: JsonObject | undefined) {
  const quantities = listAt(input, 'quantities');
  const userErrors: UserError[] = [];
  const refuse = (code: string, path: string[], message: string) =>
    userErrors.push({ code, field: ['input', ...path], message });
  if (field(input, 'name') !== 'available' && field(input, 'name') !== 'on_hand')
    refuse('INVALID_NAME', ['name'], "The quantity name must be either 'available' or 'on_hand'.");
  if (quantities.length > 250) refuse('INVALID_REASON', ['quantities'], 'The maximum number of quantities is 250.');
  const known = new Set(
    Object.entries(context.system.settings)
      .filter(([name]) => name.startsWith('location.'))
      .map(([, id]) => id.replace(locationPrefix, '')),
  );
  const changes: { key: string; item: ShownQuantity; delta: number }[] = [];
  quantities.forEach((quantity, i) => {
    const at = (name: string) => ['quantities', String(i), name];
    const sku = skuOf(context, field(quantity, 'inventoryItemId'));
    const location = field(quantity, 'locationId').replace(locationPrefix, '');
    const value = Number(quantity['quantity']);
    if (sku === undefined)
      return refuse(
        'INVALID_INVENTORY_ITEM',
        at('inventoryItemId'),
        'The specified inventory item could not be found.',
      );
    if (!known.has(location))
      return refuse('INVALID_LOCATION', at('locationId'), 'The specified location could not be found.');
    if (!Number.isInteger(value))
      return refuse('INVALID_QUANTITY_NEGATIVE', at('quantity'), 'The quantity must be a whole number.');
    if (value < 0) return refuse('INVALID_QUANTITY_NEGATIVE', at('quantity'), "The quantity can't be negative.");
    if (value > 1_000_000_000)
      return refuse('INVALID_QUANTITY_TOO_HIGH', at('quantity'), "The quantity can't be higher than 1,000,000,000.");
    const key = `${sku}@${location}`;
    const reference = field(input, 'referenceDocumentUri');
    const item = { sku, location_id: location, quantity: value, at: new Date().toISOString(), reference };
    changes.push({ key, item, delta: value - (shown.get(key)?.quantity ?? 0) });
  });
  if (userErrors.length > 0) return { inventoryAdjustmentGroup: null, userErrors };
  for (const { key, item } of changes) shown.put(key, item);
  return {
    inventoryAdjustmentGroup: {
      id: `gid://shopify/InventoryAdjustmentGroup/${context.nextId()}`,
      createdAt: new Date().toISOString(),
      reason: field(input, 'reason'),
      referenceDocumentUri: field(input, 'referenceDocumentUri') || null,
      changes: changes.filter(({ delta }) => delta !== 0).map(({ delta }) => ({ name: 'available', delta })),
    },
    userErrors,
  };
}

function skuOf(context: VendorContext, gid: string): string | undefined {
  return context.catalogue.byInventoryItem(Number(gid.replace(itemPrefix, '')))?.sku;
}

/** Items named by `sku:…` terms anywhere in the query or its variables. */
function findItems(context: VendorContext, prices: ShopPrices, products: ShopProducts, text: string) {
  const skus = [...text.matchAll(/sku:\s*\\*['"]?([A-Za-z0-9._-]+)/g)].map((match) => match[1] ?? '');
  const found = skus.flatMap((sku) => context.catalogue.bySku(sku) ?? []);
  const nodes = found.map((item) => ({ id: `${itemPrefix}${item.inventoryItemId}`, sku: item.sku, tracked: true }));
  const variants = found.map((item) => {
    const { title, status, barcode } = products.of(item);
    return {
      id: `gid://shopify/ProductVariant/${item.variantId}`,
      sku: item.sku,
      ...prices.of(item),
      barcode,
      product: { id: `gid://shopify/Product/${item.productId}`, title, status, variantsCount: { count: 1 } },
      inventoryItem: { id: `${itemPrefix}${item.inventoryItemId}`, sku: item.sku },
    };
  });
  const page = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
  const connection = <T>(list: T[]) => ({ nodes: list, edges: list.map((node) => ({ node })), pageInfo: page });
  return text.includes('productVariants')
    ? { productVariants: connection(variants) }
    : { inventoryItems: connection(nodes) };
}
