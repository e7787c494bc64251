import { z } from 'zod';
import { offsetDateTime } from '#contracts/v1/primitives.ts';
import { readJson } from '../reading.ts';
import type { ChannelStock, Reading } from '../topics.ts';

const id = z.string().regex(/^\d{1,20}$/);

/**
 * A level as the webhook `inventory_levels/update` carries it; numbers arrive as their decimal text. Source:
 * shopify.dev/docs/api/admin-rest/latest/resources/inventorylevel. It names the shop's own item, and no SKU.
 */
export const updatedLevel = z.object({
  inventory_item_id: id,
  location_id: id,
  available: z
    .string()
    .regex(/^-?\d{1,9}$/, 'expected a quantity')
    .transform(Number)
    .nullish(),
  updated_at: offsetDateTime,
});

/** What the shop shows of an item from now on, whoever changed it. */
export function readLevel(body: Uint8Array): Reading<ChannelStock> {
  const parsed = readJson(updatedLevel, body);
  if ('problems' in parsed) return parsed;
  const { inventory_item_id, location_id, available, updated_at } = parsed.message;
  return {
    message: {
      item: inventory_item_id,
      place: location_id,
      quantity: available ?? 0,
      at: new Date(updated_at).toISOString(),
    },
  };
}
