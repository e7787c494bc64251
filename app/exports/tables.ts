import { instantParam } from '#app/queries/columns.ts';

/** What is exported for analysis: whole tables without personal data, one row for one fact. */
interface ExportTable {
  /** For the documentation. */
  about: string;
  /** Column that decides to which window a row belongs. */
  time: string;
  /** Rows of a window always come in the same order. */
  order: string;
  columns: readonly string[];
}

const where = ['origin', 'channel', 'region', 'legal_entity', 'brand', 'location', 'sku'] as const;
const why = ['error_class', 'error_code', 'error_path'] as const;

/**
 * Messages and attributes stay out: they may quote what a customer wrote. Names are those of ClickHouse, whose migrations
 * define each column.
 */
export const exportTables = {
  steps: {
    about: 'Every event of every step: what happened, where, when and with what outcome.',
    time: 'at',
    order: 'at, event_id',
    columns: [
      ...['event_id', 'trace_id', 'flow', 'key', 'business_key', 'step', 'status', 'attempt', 'at', 'started_at'],
      ...['ended_at', 'occurred_at', 'deadline', 'system', 'direction', ...where],
      ...['amount', 'currency', ...why, 'case_id', 'payload_version'],
    ],
  },
  transactions: {
    about: 'One row a transaction as it stands now, with the moments of its milestones.',
    time: 'occurred_at',
    order: 'occurred_at, flow, key',
    columns: [
      ...['flow', 'key', 'business_key', 'trace_id', 'occurred_at', 'first_at', 'last_at', ...where, 'tier'],
      ...['amount', 'currency', 'lifecycle', 'is_open', 'step', 'status', 'system', 'deadline', 'events'],
      ...['max_attempt', 'had_case', 'had_failure', 'had_degraded', 'case_id', ...why],
      ...['accepted_at', 'validated_at', 'allocated_at', 'acknowledged_at', 'erp_confirmed_at', 'released_at'],
      ...['first_shipped_at', 'shipped_at', 'captured_at', 'delivered_at', 'invoiced_at', 'settled_at', 'cancelled_at'],
    ],
  },
  postings: {
    about: 'One row a posting key: what was posted to which system of record, what failed, what waits.',
    time: 'occurred_at',
    order: 'occurred_at, posting_key',
    columns: [
      ...['posting_key', 'flow', 'key', 'business_key', 'document', 'document_number', 'system', 'legal_entity'],
      ...['channel', 'origin', 'amount', 'currency', 'state', 'attempt_failed', 'attempts', 'occurred_at', 'first_at'],
      ...['posted_at', 'last_at', 'case_id', ...why],
    ],
  },
  cases: {
    about: 'One row a case as it stands now, without who works on it.',
    time: 'opened_at',
    order: 'opened_at, case_id',
    columns: [
      ...['case_id', 'status', 'flow', 'key', 'business_key', 'trace_id', 'step', 'system', 'channel', 'legal_entity'],
      ...['origin', 'fingerprint', ...why, 'amount', 'currency', 'deadline', 'opened_at', 'updated_at', 'closed_at'],
      ...['outcome', 'is_open', 'times_failed', 'payload_version'],
    ],
  },
} as const satisfies Record<string, ExportTable>;

export type ExportName = keyof typeof exportTables;
export const exportNames = Object.keys(exportTables) as [ExportName, ...ExportName[]];

/** The whole window of a table; the parameters are `from` and `to`, RFC 3339. */
export function exportSql(name: ExportName): { rows: string; count: string } {
  const { time, order, columns } = exportTables[name];
  const window = `FROM ${name} WHERE ${time} >= ${instantParam('from')} AND ${time} < ${instantParam('to')}`;
  return {
    rows: `SELECT ${columns.join(', ')} ${window} ORDER BY ${order}`,
    count: `SELECT count() AS rows ${window}`,
  };
}
