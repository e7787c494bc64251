import { z } from 'zod';

/**
 * Messages to a channel on Syncline's own API: `POST <base_url>/events`, canonical JSON, with the headers
 *   X-Syncline-Topic      order.acknowledged, order.shipped, order.cancelled or availability.changed
 *   X-Syncline-Event-Id   the same for every attempt: the receiver drops what it has already
 *   X-Syncline-Signature  hex HMAC-SHA256 of the raw body under the channel's webhook secret
 * Any 2xx accepts. `GET <base_url>/events/<id>` answers 200 for a message that was accepted, 404 otherwise; it is
 * signed over the path. Source: docs/api/channel.md.
 */
export const topics = {
  acknowledged: 'order.acknowledged',
  shipped: 'order.shipped',
  cancelled: 'order.cancelled',
  availability: 'availability.changed',
} as const;

export const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
