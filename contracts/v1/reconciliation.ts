import { z } from 'zod';
import { currencyCode, decimal, instant, slug } from './primitives.ts';

/** A name on a subject: a run or a break. */
export const reconciliationId = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'expected an id');

const seconds = z.number().nonnegative().max(2_592_000);
const planned = {
  id: slug.max(40),
  name: z.string().min(1).max(100),
  /** Cron expression (croner) in `time_zone`. */
  schedule: z.string().min(1).max(100),
  time_zone: z.string().default('UTC'),
};

/** What is compared on a schedule, and what may differ. */
export const reconciliationPlan = z.discriminatedUnion('kind', [
  z.object({
    ...planned,
    kind: z.literal('stock'),
    /** Sides held against what the engine believes. */
    compare: z.array(z.enum(['erp', 'wms', 'channel'])).min(1),
    /** Units by which a figure may differ. */
    tolerance: z.int().nonnegative().default(0),
    /** A difference is read again after this long: what was in flight has arrived by then. */
    settle_s: seconds.default(30),
    /** How often it is read again while figures still move; afterwards it is undecided. */
    rounds: z.int().min(1).max(20).default(4),
  }),
  z.object({
    ...planned,
    kind: z.literal('finance'),
    /** Captures and refunds against the payment systems, postings against the ERPs. */
    compare: z.array(z.enum(['captures', 'refunds', 'postings'])).min(1),
    /** Amount by which one document may differ, in its currency. */
    tolerance: decimal.default('0.00'),
    /** The period ends this long before the run is due, so that every side has had time to tell. */
    lag_s: seconds.default(3600),
  }),
  z.object({
    ...planned,
    kind: z.literal('orders'),
    /** Systems asked for their own list of orders; where none is named, all that can be asked. */
    systems: z.array(slug).max(100).default([]),
    /** The period ends this long before the run is due: what is still on its way is not missing. */
    grace_s: seconds.default(900),
    /** It begins this long before the last one ended: a channel may list an order late. */
    overlap_s: seconds.default(3600),
  }),
]);
export type ReconciliationPlan = z.infer<typeof reconciliationPlan>;
export type StockPlan = Extract<ReconciliationPlan, { kind: 'stock' }>;
export type FinancePlan = Extract<ReconciliationPlan, { kind: 'finance' }>;
export type OrdersPlan = Extract<ReconciliationPlan, { kind: 'orders' }>;

export const reconciliationStatus = z.enum([
  'queued',
  'running',
  'done',
  /** A side could not be read; nothing was concluded about it. `message` says which. */
  'incomplete',
  'failed',
]);

const text = (most: number) => z.string().max(most);
const instantOrNone = z.union([z.literal(''), instant]);
const amountOrNone = z.union([z.literal(''), decimal]);
const currencyOrNone = z.union([z.literal(''), currencyCode]);

/** One slice of a run: what was held against whom, and what it came to. Amounts are sums, units where there is no currency. */
export const reconciliationGroup = z.object({
  subject: z.enum(['erp', 'wms', 'channel', 'capture', 'refund', 'invoice', 'credit_memo', 'journal', 'order']),
  /** The settlement source: the system on the other side. */
  system: text(64),
  location: text(64),
  channel: text(64),
  method: text(100),
  legal_entity: text(64),
  currency: currencyOrNone,
  compared: z.int().nonnegative(),
  agreeing: z.int().nonnegative(),
  undecided: z.int().nonnegative(),
  ours: decimal,
  theirs: decimal,
});
export type ReconciliationGroup = z.infer<typeof reconciliationGroup>;

/** One comparison, on `reconciliation.run.<id>`; the last message is its state. */
export const reconciliationRun = z.object({
  v: z.literal(1),
  event_id: text(200),
  run_id: reconciliationId,
  revision: z.int().positive(),
  plan: slug,
  name: text(100),
  kind: z.enum(['stock', 'finance', 'orders']),
  status: reconciliationStatus,
  /** `schedule`, or who asked. */
  requested_by: text(200),
  requested_at: instant,
  /** The moment of the schedule it stands for; when it was asked for, otherwise. */
  due_at: instant,
  /** Period [from, to) of events compared. A comparison of stock is of one moment. */
  from: instant,
  to: instant,
  started_at: instantOrNone,
  finished_at: instantOrNone,
  /** The transaction that its steps belong to. */
  key: text(300),
  /** SKU-locations, or documents, that were decided. Those still moving, and money of which a side says no amount, are
   * `undecided` and count nowhere else. */
  compared: z.int().nonnegative(),
  agreeing: z.int().nonnegative(),
  undecided: z.int().nonnegative(),
  /** Breaks found for the first time or again, and those that this run found healed. */
  opened: z.int().nonnegative(),
  seen_again: z.int().nonnegative(),
  healed: z.int().nonnegative(),
  groups: z.array(reconciliationGroup).max(2_000),
  message: text(2000),
  updated_at: instant,
  writer: text(100),
});
export type ReconciliationRun = z.infer<typeof reconciliationRun>;

export const breakKind = z.enum([
  'stock_erp',
  'stock_wms',
  'stock_channel',
  /** We did it and they do not list it; they list it and we know nothing of it; both do, with other amounts. */
  'capture_missing',
  'capture_unknown',
  'capture_amount',
  'refund_missing',
  'refund_unknown',
  'refund_amount',
  'posting_missing',
  'posting_unknown',
  'posting_amount',
  /** Posted in the books of another legal entity. */
  'posting_entity',
  /** The channel lists it, and it never reached us. */
  'order_never_arrived',
]);
export type BreakKind = z.infer<typeof breakKind>;

/** Stock is operational: it decides what is promised. Orders are those that never arrived. Money and postings are accounting: they decide what is true in the books. */
export const breakDomain = z.enum(['operational', 'accounting', 'orders']);

/** What one side said. */
export const breakSide = z.object({
  side: z.enum(['syncline', 'erp', 'wms', 'channel', 'payments']),
  system: text(64),
  /** Units or an amount; empty where the side knows nothing of it. */
  figure: amountOrNone,
  read_at: instant,
  references: z.array(text(300)).max(20),
});
export type BreakSide = z.infer<typeof breakSide>;

/** One difference, on `reconciliation.break.<id>`; each message is an event and the state it left. */
export const reconciliationBreak = z.object({
  v: z.literal(1),
  event_id: text(200),
  /** Made of what differs, so that the same difference found again is the same break. */
  break_id: reconciliationId,
  revision: z.int().positive(),
  type: z.enum(['opened', 'seen', 'reopened', 'healed', 'assigned', 'commented', 'closed', 'fetched']),
  at: instant,
  /** Who did that; a run by its id. */
  actor: text(200),
  note: text(4000),
  status: z.enum(['open', 'healed', 'closed']),
  domain: breakDomain,
  kind: breakKind,
  plan: slug,
  system: text(64),
  sku: text(64),
  location: text(64),
  channel: text(64),
  legal_entity: text(64),
  method: text(100),
  /** The document or payment it is about, as the other side knows it. */
  reference: text(300),
  /** Order number, store day or sku@location: what people search for. */
  business_key: text(200),
  /** The transaction of ours it belongs to, if one does. */
  key: text(300),
  /** Theirs less ours. */
  difference: decimal,
  /** Of the difference; empty for units. */
  currency: currencyOrNone,
  occurred_at: instant,
  sides: z.array(breakSide).min(1).max(4),
  first_run: reconciliationId,
  last_run: reconciliationId,
  first_seen_at: instant,
  last_seen_at: instant,
  /** Runs that found it. */
  times_seen: z.int().positive(),
  assignee: text(200),
  /** What a person closed it with. */
  document_number: text(128),
  reason: text(1000),
  closed_at: instantOrNone,
  writer: text(100),
});
export type ReconciliationBreak = z.infer<typeof reconciliationBreak>;

/** Inventory accuracy: agreeing SKU-locations ÷ compared; undefined where nothing was compared. */
export const accuracyOf = ({ compared, agreeing }: Pick<ReconciliationRun, 'compared' | 'agreeing'>) =>
  compared === 0 ? undefined : agreeing / compared;
