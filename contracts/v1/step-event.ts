import { z } from 'zod';
import { currencyCode, decimal, instant } from './primitives.ts';

export const flow = z.enum([
  'order_to_cash',
  'return_to_refund',
  'inventory_sync',
  'price_publication',
  'product_sync',
  'customer_sync',
  'store_settlement',
  'marketplace_settlement',
  'reconciliation',
]);
export type Flow = z.infer<typeof flow>;

export const stepStatus = z.enum([
  'started',
  'completed',
  'retrying',
  'failed',
  'quarantined',
  'replayed',
  'skipped',
  'degraded',
  'compensated',
  'superseded',
]);
export type StepStatus = z.infer<typeof stepStatus>;

/**
 * Why a step did not complete, from a closed taxonomy.
 * validation, mapping, reference, totals, stock: the payload or our master data; a person must fix it.
 * rejected: the outside system understood and refused. auth: credentials. throttled, unavailable, timeout: transient.
 * conflict: somebody else was first. internal: a defect of ours.
 */
export const errorClass = z.enum([
  'validation',
  'mapping',
  'reference',
  'totals',
  'stock',
  'rejected',
  'auth',
  'throttled',
  'unavailable',
  'timeout',
  'conflict',
  'internal',
]);
export type ErrorClass = z.infer<typeof errorClass>;

const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`), `expected ${length} hex digits`);
const dimension = z.string().max(200);
const decimalOrEmpty = z.union([z.literal(''), decimal]);

/**
 * One business step of one transaction, as published to `steps.<partition>.<flow>.<key>`. Field names are ClickHouse's
 * column names. `state` is the engine's checkpoint (cursor and outputs) and is not landed.
 */
export const stepEvent = z.object({
  v: z.literal(1),
  /** `<transaction key>:<ordinal>`; published as Nats-Msg-Id. */
  event_id: z.string().min(3).max(400),
  /** Position of the event in its transaction, from 1. */
  ordinal: z.int().positive(),
  /** Nonce of the process that wrote it; decides who won a race. */
  writer: z.string().min(1).max(64),
  trace_id: hex(32),
  span_id: hex(16),
  parent_span_id: z.union([z.literal(''), hex(16)]),
  flow,
  /** Transaction key: system and external id, encoded (see key.ts). */
  key: z.string().min(3).max(300),
  step: z.string().regex(/^[a-z][a-z0-9_]{1,62}$/, 'expected a snake_case verb phrase'),
  business_key: z.string().max(200),
  status: stepStatus,
  attempt: z.int().min(1).max(10_000),
  started_at: instant,
  /** Empty while the step runs. */
  ended_at: z.union([z.literal(''), instant]),
  /** When the business event happened, the same on every event of the transaction. */
  occurred_at: instant,
  /** The SLA deadline in force, empty where none applies. */
  deadline: z.union([z.literal(''), instant]),
  system: dimension,
  direction: z.enum(['inbound', 'outbound', 'internal']),
  channel: dimension,
  region: dimension,
  legal_entity: dimension,
  brand: dimension,
  location: dimension,
  sku: dimension,
  amount: decimalOrEmpty,
  currency: z.union([z.literal(''), currencyCode]),
  error_class: z.union([z.literal(''), errorClass]),
  error_code: z.string().max(200),
  error_path: z.string().max(500),
  error_message: z.string().max(2000),
  case_id: z.string().max(64),
  payload_version: z.int().nonnegative(),
  origin: z.enum(['live', 'backfill', 'simulated']),
  attributes: z.record(z.string().max(64), z.string().max(1000)),
  state: z.unknown().optional(),
});
export type StepEvent = z.infer<typeof stepEvent>;
