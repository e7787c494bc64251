import { z } from 'zod';
import { caseStatus } from '#contracts/v1/case.ts';
import { lifecycle } from '#contracts/v1/order.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { flow, stepStatus } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { flag, optionalText } from './columns.ts';
import { late } from './standing.ts';
import { overTransactions } from './transactions.ts';

const byKey = z.object({ key: z.string() });

/** One order: where it stands and when it passed each milestone. */
export const orderByKey = defineQuery({
  name: 'order_by_key',
  sql: overTransactions(
    `t.flow = 'order_to_cash' AND t.key = {key:String}`,
    (orders) => `
    SELECT key, trace_id, business_key, occurred_at, channel, region, legal_entity, brand, tier, amount, currency, origin,
      lifecycle, step, status, system, attempt, deadline, retry_at, last_at, is_open, error_message, payload_version,
      accepted_at, validated_at, allocated_at, acknowledged_at, erp_confirmed_at, released_at, first_shipped_at, shipped_at,
      captured_at, delivered_at, invoiced_at, settled_at, cancelled_at, ${late} AS is_late
    FROM ${orders}`,
  ),
  params: byKey.extend({ now: instant }),
  row: z.object({
    key: z.string(),
    trace_id: z.string(),
    business_key: z.string(),
    occurred_at: z.string(),
    channel: z.string(),
    region: z.string(),
    legal_entity: z.string(),
    brand: z.string(),
    tier: z.string(),
    amount: z.string(),
    currency: z.string(),
    origin: z.string(),
    lifecycle,
    step: z.string(),
    status: stepStatus,
    system: z.string(),
    attempt: z.number(),
    deadline: optionalText,
    retry_at: optionalText,
    last_at: z.string(),
    is_open: flag,
    is_late: flag,
    error_message: z.string(),
    payload_version: z.number(),
    accepted_at: optionalText,
    validated_at: optionalText,
    allocated_at: optionalText,
    acknowledged_at: optionalText,
    erp_confirmed_at: optionalText,
    released_at: optionalText,
    first_shipped_at: optionalText,
    shipped_at: optionalText,
    captured_at: optionalText,
    delivered_at: optionalText,
    invoiced_at: optionalText,
    settled_at: optionalText,
    cancelled_at: optionalText,
  }),
});

/** Steps of one transaction that are shown, the first ones; a page of more would not be read. */
export const mostSteps = 20_000;

/** Step events of one transaction in order, one more than is shown where there are more; of all there ever were only those of its own time are looked through. */
export const transactionSteps = defineQuery({
  name: 'transaction_steps',
  sql: `
    SELECT event_id, ordinal, writer, span_id, parent_span_id, step, status, attempt, started_at, ended_at, system, location, amount,
      currency, error_class, error_code, error_path, error_message, case_id, payload_version, attributes
    FROM steps
    WHERE flow = {flow:String} AND key = {key:String}
      AND at >= (SELECT min(first_at) FROM transaction_states WHERE flow = {flow:String} AND key = {key:String})
      AND at <= (SELECT max(last_at) FROM transaction_states WHERE flow = {flow:String} AND key = {key:String})
    ORDER BY ordinal, stream_seq LIMIT ${mostSteps + 1}`,
  params: z.object({ flow, key: z.string() }),
  row: z.object({
    event_id: z.string(),
    ordinal: z.number(),
    writer: z.string(),
    span_id: z.string(),
    parent_span_id: z.string(),
    step: z.string(),
    status: stepStatus,
    attempt: z.number(),
    started_at: z.string(),
    ended_at: optionalText,
    system: z.string(),
    location: z.string(),
    amount: z.string(),
    currency: z.string(),
    error_class: z.string(),
    error_code: z.string(),
    error_path: z.string(),
    error_message: z.string(),
    case_id: z.string(),
    payload_version: z.number(),
    attributes: z.record(z.string(), z.string()),
  }),
});

/** What was posted for one order, and where. */
export const orderPostings = defineQuery({
  name: 'order_postings',
  sql: `
    SELECT posting_key, document, system, document_number, amount, currency, state, attempts, first_at, posted_at, error_message
    FROM postings WHERE posting_key IN (SELECT posting_key FROM posting_states WHERE key = {key:String}) ORDER BY first_at`,
  params: byKey,
  row: z.object({
    posting_key: z.string(),
    document: z.string(),
    system: z.string(),
    document_number: z.string(),
    amount: z.string(),
    currency: z.string(),
    state: z.enum(['posted', 'retrying', 'failed', 'compensated', 'skipped', 'pending']),
    attempts: z.number(),
    first_at: z.string(),
    posted_at: optionalText,
    error_message: z.string(),
  }),
});

/** Every case one order ever had, newest first. */
export const orderCases = defineQuery({
  name: 'order_cases',
  sql: `
    SELECT case_id, status, step, system, error_message, assignee, opened_at, closed_at, outcome, is_open
    FROM cases WHERE case_id IN (SELECT case_id FROM case_events WHERE key = {key:String}) ORDER BY opened_at DESC`,
  params: byKey,
  row: z.object({
    case_id: z.string(),
    status: caseStatus,
    step: z.string(),
    system: z.string(),
    error_message: z.string(),
    assignee: z.string(),
    opened_at: z.string(),
    closed_at: optionalText,
    outcome: z.string(),
    is_open: flag,
  }),
});

/** The numbers others know one order by. */
export const orderReferences = defineQuery({
  name: 'order_references',
  sql: `SELECT DISTINCT kind, value FROM transaction_references WHERE flow = 'order_to_cash' AND key = {key:String} ORDER BY kind, value LIMIT 500`,
  params: byKey,
  row: z.object({ kind: z.string(), value: z.string() }),
});
