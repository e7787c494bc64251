import type { FastifyInstance } from 'fastify';
import { field, type VendorContext } from '../vendor.ts';
import { locationCode } from './contract.ts';

const LARGEST_PAGE = 500;

/** `GET /stock`: what lies in the building, in order of SKU; the cursor is the last SKU of the page before. */
export function stockRoutes(app: FastifyInstance, context: VendorContext, location: string): void {
  app.get('/stock', (request, reply) => {
    const limit = Math.min(LARGEST_PAGE, Number(field(request.query, 'limit')) || 100);
    const cursor = field(request.query, 'cursor');
    const wanted = new Set(field(request.query, 'sku').split(',').filter(Boolean));
    const found = context.stock
      .list('wms', location)
      .filter(({ sku }) => (wanted.size === 0 || wanted.has(sku)) && sku > cursor)
      .sort((a, b) => (a.sku < b.sku ? -1 : 1));
    const page = found.slice(0, limit);
    return reply.send({
      stock: page.map(({ sku, quantity, version, changed_at }) => ({
        sku,
        location_code: locationCode(location),
        on_hand: quantity,
        version,
        changed_at,
      })),
      next_cursor: found.length > limit ? (page.at(-1)?.sku ?? null) : null,
    });
  });
}
