import { z } from 'zod';
import { transactionKey } from '#contracts/v1/key.ts';
import { offsetDateTime } from '#contracts/v1/primitives.ts';
import { readJson } from '../reading.ts';
import type { ChannelParcel, MessageContext, Reading } from '../topics.ts';

const id = z.string().regex(/^\d{1,20}$/);

/**
 * A fulfilment as the webhook `fulfillments/create` carries it; numbers arrive as their decimal text. Source:
 * shopify.dev/docs/api/admin-rest/latest/resources/fulfillment.
 */
export const createdFulfilment = z.object({
  id,
  order_id: id,
  status: z.string().nullish(),
  created_at: offsetDateTime,
  tracking_number: z.string().max(200).nullish(),
});

/** A parcel that the shop knows of: ours comes back this way, and so does one that its staff sent. */
export function readFulfilment(body: Uint8Array, { system }: MessageContext): Reading<ChannelParcel> {
  const parsed = readJson(createdFulfilment, body);
  if ('problems' in parsed) return parsed;
  const { id, order_id, status, created_at, tracking_number } = parsed.message;
  const isCalledOff = status === 'cancelled' || status === 'error' || status === 'failure';
  return {
    message: {
      parcel: id,
      orderKey: transactionKey(system, order_id),
      orderPath: '/order_id',
      reference: tracking_number ?? '',
      at: new Date(created_at).toISOString(),
      ...(isCalledOff ? { superseded: 'The shop has called this fulfilment off.' } : {}),
    },
  };
}
