import { z } from 'zod';
import type { ReconciliationServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { refused } from './map.ts';

const PAGE = 500;

const stockPage = z.object({
  stock: z.array(
    z.object({
      sku: z.string(),
      location_code: z.string(),
      on_hand: z
        .string()
        .regex(/^-?\d{1,12}$/)
        .transform(Number),
    }),
  ),
  next_cursor: z.string().nullish(),
});

/** What lies in the building, as docs/api/warehouse.md has it. */
export const listWarehouseStock: ReconciliationServices['list_stock'] = {
  name: 'list_stock',
  prepare: ({ refs, cursor }) => {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (refs !== undefined) query.set('sku', refs.join(','));
    if (cursor !== undefined) query.set('cursor', cursor);
    return jsonCall('GET', `/stock?${query.toString()}`);
  },
  read(answer) {
    const error = refused(answer);
    if (error !== undefined) throw error;
    const { stock, next_cursor } = readBody(answer, stockPage, "The warehouse's stock");
    return {
      items: stock.map(({ sku, location_code, on_hand }) => ({
        sku,
        place: location_code,
        quantity: on_hand,
        ref: sku,
      })),
      ...(next_cursor == null ? {} : { next: next_cursor }),
    };
  },
};
