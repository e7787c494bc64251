import type { FastifyInstance } from 'fastify';
import { field } from '../vendor.ts';
import { stringifyExact } from './ids.ts';
import { linkNext } from './levels.ts';
import { chosenFields } from './shapes.ts';
import type { Shop } from './shop.ts';

const LARGEST_PAGE = 250;

interface Asked {
  ids: string[];
  name: string;
  /** Epoch milliseconds, both counted in as Shopify does. */
  from: number;
  to: number;
  offset: number;
}

/** `GET orders.json`, the oldest first; further pages by the Link header. */
export function orderListRoute(app: FastifyInstance, prefix: string, shop: Shop): void {
  app.get(`${prefix}/orders.json`, (request, reply) => {
    const query = (name: string) => field(request.query, name);
    const next = query('page_info');
    const asked: Asked =
      next === ''
        ? {
            ids: query('ids').split(',').filter(Boolean),
            name: query('name'),
            from: Date.parse(query('created_at_min')) || 0,
            to: Date.parse(query('created_at_max')) || Infinity,
            offset: 0,
          }
        : (JSON.parse(Buffer.from(next, 'base64url').toString(), reviveEnd) as Asked);
    const limit = Math.min(LARGEST_PAGE, Number(query('limit')) || 50);
    const found = [...shop.orders.values()]
      .filter(({ id }) => asked.ids.length === 0 || asked.ids.includes(id))
      .filter(({ name }) => asked.name === '' || name === asked.name || name === `#${asked.name}`)
      .filter(({ createdAt }) => Date.parse(createdAt) >= asked.from && Date.parse(createdAt) <= asked.to)
      .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    const page = found.slice(asked.offset, asked.offset + limit);
    if (found.length > asked.offset + limit)
      linkNext(request, reply, { ...asked, offset: asked.offset + limit }, limit);
    const fields = query('fields').split(',').filter(Boolean);
    const orders = page.map((order) => chosenFields(order, shop.bodies.get(order.id), fields));
    return reply.type('application/json').send(stringifyExact({ orders }));
  });
}

/** JSON has no infinity: an open end comes back as null. */
const reviveEnd = (name: string, value: unknown): unknown => (name === 'to' && value === null ? Infinity : value);
