import { z } from 'zod';
import { eventName } from './business-event.ts';
import { instant, slug } from './primitives.ts';

export const webhookId = slug;

/** A secret as Standard Webhooks writes it: 24 to 64 random bytes in base64 behind `whsec_`. */
export const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'expected whsec_ and 24 to 64 bytes in base64');

export const webhookStatus = z.enum(['active', 'paused', 'disabled']);

/** Who is told what, as kept in KV bucket WEBHOOKS. Its secrets are kept apart, where only the engine reads them. */
export const webhook = z.object({
  webhook_id: webhookId,
  /** Rises with each change; a change names the one it was decided on. */
  version: z.int().positive(),
  name: z.string().min(1).max(100),
  url: z.string().max(1000),
  events: z.array(eventName).min(1),
  /** paused: by a person. disabled: by us, as `status_reason` says. What happens meanwhile is told once it is active again. */
  status: webhookStatus,
  status_reason: z.string().max(1000),
  status_at: instant,
  created_by: z.string().max(200),
  created_at: instant,
  changed_by: z.string().max(200),
  changed_at: instant,
  /** The secret that messages are signed with, by its name; absent where it is from before secrets had names. */
  secret_id: z.string().max(64).optional(),
  secret_changed_at: instant,
  /** Until then messages are signed with a former secret too. */
  former_secret_until: instant.optional(),
  /** Secrets before it, the latest first, which sign too until they are retired. */
  former_secrets: z.array(z.object({ secret_id: z.string().max(64), until: instant })).optional(),
});
export type Webhook = z.infer<typeof webhook>;

/** How an endpoint does, as kept in KV bucket WEBHOOK_HEALTH. */
export const webhookHealth = z.object({
  webhook_id: webhookId,
  /** The version that all of this was seen of: each change of the webhook begins anew. */
  webhook_version: z.int().nonnegative().default(0),
  /** Attempts that failed since the last one that did not. */
  failures: z.int().nonnegative(),
  failing_since: z.union([z.literal(''), instant]),
  last_delivered_at: z.union([z.literal(''), instant]),
  /** HTTP status of the last attempt, 0 where there was no answer. */
  last_status: z.int().nonnegative(),
  /** Deliveries that wait for another attempt. */
  waiting: z.int().nonnegative(),
  next_try_at: z.union([z.literal(''), instant]),
});
export type WebhookHealth = z.infer<typeof webhookHealth>;

/**
 * delivered: the endpoint said 2xx. retrying: another attempt follows at `next_at`. given_up: the last one failed; it can be
 * replayed. disabled: with this attempt the endpoint was disabled; it is told once it is active again.
 */
export const deliveryOutcome = z.enum(['delivered', 'retrying', 'given_up', 'disabled']);
export type DeliveryOutcome = z.infer<typeof deliveryOutcome>;

/** One attempt to tell one endpoint of one event, on `deliveries.<webhook>` of stream DELIVERIES. No body of either side. */
export const delivery = z.object({
  v: z.literal(1),
  delivery_id: z.uuid(),
  webhook_id: webhookId,
  at: instant,
  /** Id of the CloudEvent, sent as `webhook-id`. */
  cloud_event_id: z.string().max(400),
  /** Its sequence in stream EVENTS: what a replay names. */
  event_seq: z.int().positive(),
  event: eventName,
  subject: z.string().max(400),
  attempt: z.int().positive(),
  outcome: deliveryOutcome,
  status: z.int().nonnegative(),
  /** Why there was no answer, or what was wrong with it; empty for 2xx. */
  error_code: z.string().max(100),
  duration_ms: z.int().nonnegative(),
  next_at: z.union([z.literal(''), instant]),
  replayed: z.boolean(),
});
export type Delivery = z.infer<typeof delivery>;
