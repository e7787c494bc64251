import { instantParam } from './columns.ts';

const money = (field: string) => `tupleElement(argMinMerge(t.money), '${field}')`;
const latest = (field: string) => `tupleElement(argMaxMerge(t.latest), '${field}')`;
const stands = (field: string) => `tupleElement(argMaxMerge(t.standing), '${field}')`;

/** Each column of the view `transactions` over the rows `t` of a transaction; `flow` and `key` tell transactions apart. */
const columns = {
  occurred_at: 'min(t.occurred_at)',
  trace_id: 'max(t.trace_id)',
  origin: 'max(t.origin)',
  channel: 'max(t.channel)',
  region: 'max(t.region)',
  legal_entity: 'max(t.legal_entity)',
  brand: 'max(t.brand)',
  tier: 'max(t.tier)',
  sku: 'max(t.sku)',
  order_key: 'max(t.order_key)',
  order_number: 'max(t.order_number)',
  first_at: 'min(t.first_at)',
  last_at: 'max(t.last_at)',
  events: 'max(t.events)',
  max_attempt: 'max(t.max_attempt)',
  had_case: 'max(t.had_case)',
  had_failure: 'max(t.had_failure)',
  had_degraded: 'max(t.had_degraded)',
  amount: money('amount'),
  currency: money('currency'),
  step: stands('step'),
  status: stands('status'),
  system: stands('system'),
  deadline: stands('deadline'),
  business_key: latest('business_key'),
  attempt: latest('attempt'),
  location: latest('location'),
  case_id: latest('case_id'),
  error_class: latest('error_class'),
  error_code: latest('error_code'),
  error_path: latest('error_path'),
  error_message: latest('error_message'),
  payload_version: latest('payload_version'),
  retry_at: `parseDateTime64BestEffortOrNull(${latest('retry_at')}, 3, 'UTC')`,
  accepted_at: 'min(t.accepted_at)',
  validated_at: 'min(t.validated_at)',
  allocated_at: 'min(t.allocated_at)',
  acknowledged_at: 'min(t.acknowledged_at)',
  erp_confirmed_at: 'min(t.erp_confirmed_at)',
  released_at: 'min(t.released_at)',
  first_shipped_at: 'min(t.first_shipped_at)',
  shipped_at: 'min(t.shipped_at)',
  captured_at: 'max(t.captured_at)',
  delivered_at: 'min(t.delivered_at)',
  invoiced_at: 'min(t.invoiced_at)',
  settled_at: 'min(t.settled_at)',
  cancelled_at: 'min(t.cancelled_at)',
  returned_at: 'min(t.returned_at)',
  is_open: `multiIf(
    flow = 'order_to_cash',
    NOT (isNotNull(min(t.settled_at)) OR isNotNull(min(t.cancelled_at))
      OR (${stands('step')} IN ('validate', 'channel_update_received') AND ${stands('status')} = 'skipped')),
    flow = 'return_to_refund',
    NOT (${stands('status')} = 'superseded' OR (${stands('status')} = 'skipped' AND ${stands('has_case')})
      OR (${stands('step')} IN ('close', 'apply_return_message') AND ${stands('status')} = 'completed')),
    flow = 'store_settlement',
    ${stands('step')} NOT IN ('close_day', 'apply_store_batch') OR ${stands('status')} NOT IN ('completed', 'skipped', 'superseded'),
    isNotNull(${stands('deadline')}) OR ${stands('status')} NOT IN ('completed', 'skipped', 'superseded', 'compensated'))`,
  lifecycle: `multiIf(
    flow != 'order_to_cash', '',
    isNotNull(min(t.cancelled_at)), 'cancelled',
    isNotNull(min(t.returned_at)), 'returned',
    isNotNull(min(t.settled_at)), 'financially_settled',
    isNotNull(min(t.delivered_at)), 'delivered',
    isNotNull(min(t.shipped_at)), 'shipped',
    isNotNull(min(t.first_shipped_at)), 'partially_shipped',
    isNotNull(min(t.released_at)), 'released_to_warehouse',
    isNotNull(min(t.allocated_at)), 'allocated',
    'pending_validation')`,
} as const;

export const transactionColumns = Object.keys(columns) as readonly (keyof typeof columns)[];

/** All transactions there ever were: for questions that name keys. */
export const allTransactions = '1';
/** Orders placed within [from, to), the names of two parameters: all events of an order happened when it was placed. */
export const placedWithin = (from: string, to: string): string =>
  `t.occurred_at >= ${instantParam(from)} AND t.occurred_at < ${instantParam(to)}`;
/** Transactions that began at or after the parameter. */
export const begunSince = (since: string): string => `t.occurred_at >= ${instantParam(since)}`;

/**
 * SQL of a question about transactions, one row each: what the view `transactions` says, of the columns alone that the
 * question names. ClickHouse plans every column of a view before it leaves out those that nobody reads, and of fifty
 * columns that takes many times as long as the answer.
 * @param which condition on the rows `t` that are read
 * @param question the question, given what stands behind its FROM
 */
export function overTransactions(which: string, question: (transactions: string) => string): string {
  const words = new Set(question('').match(/\w+/g));
  const asked = transactionColumns
    .filter((column) => words.has(column))
    .map((column) => `${columns[column]} AS ${column}`);
  return question(`(
    SELECT ${['flow', 'key', ...asked].join(', ')}
    FROM transaction_states AS t WHERE ${which} GROUP BY flow, key)`);
}
