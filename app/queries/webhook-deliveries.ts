import { z } from 'zod';
import { eventName } from '#contracts/v1/business-event.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { deliveryOutcome, webhookId } from '#contracts/v1/webhook.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { flag, instantParam, optionalText } from './columns.ts';

const filters = `
  webhook_id = {webhook:String} AND at >= ${instantParam('from')} AND at < ${instantParam('to')}
  AND (empty({outcomes:Array(String)}) OR has({outcomes:Array(String)}, outcome))
  AND (empty({events:Array(String)}) OR has({events:Array(String)}, event))
  AND ({subject:String} = '' OR subject = {subject:String})`;
const filterParams = {
  webhook: webhookId,
  from: instant,
  to: instant,
  outcomes: z.array(deliveryOutcome),
  events: z.array(eventName),
  /** An order's key or `sku@location`; empty for all. */
  subject: z.string().max(400),
};

const deliveryRow = z.object({
  delivery_id: z.string(),
  at: z.string(),
  cloud_event_id: z.string(),
  event_seq: z.coerce.number(),
  event: z.string(),
  subject: z.string(),
  attempt: z.number(),
  outcome: deliveryOutcome,
  status: z.number(),
  error_code: z.string(),
  duration_ms: z.number(),
  next_at: optionalText,
  replayed: flag,
});
export type DeliveryRow = z.output<typeof deliveryRow>;

/** Attempts to tell one endpoint, the newest first. */
export const webhookDeliveries = defineQuery({
  name: 'webhook_deliveries',
  sql: `
    SELECT delivery_id, at, cloud_event_id, event_seq, event, subject, attempt, outcome, status, error_code, duration_ms,
      next_at, replayed
    FROM webhook_deliveries WHERE ${filters}
    ORDER BY at DESC, delivery_id LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
  params: z.object({ ...filterParams, limit: z.int().positive(), offset: z.int().nonnegative() }),
  row: deliveryRow,
});

/** How many attempts there are, and how many were taken. */
export const webhookDeliveryCounts = defineQuery({
  name: 'webhook_delivery_counts',
  sql: `SELECT count() AS attempts, countIf(outcome = 'delivered') AS delivered FROM webhook_deliveries WHERE ${filters}`,
  params: z.object(filterParams),
  row: z.object({ attempts: z.coerce.number(), delivered: z.coerce.number() }),
});
