import { z } from 'zod';
import { caseStatus } from '#contracts/v1/case.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { allConditions, caseFilter, latestCases, mergedOnce, worth } from './case-filter.ts';
import { flag, optionalText } from './columns.ts';

export const caseSorts = ['urgency', 'deadline', 'amount', 'opened', 'step', 'status', 'assignee'] as const;
export type CaseSort = (typeof caseSorts)[number];

export const caseRow = z.object({
  case_id: z.string(),
  revision: z.number(),
  status: caseStatus,
  flow: z.string(),
  key: z.string(),
  business_key: z.string(),
  step: z.string(),
  system: z.string(),
  channel: z.string(),
  legal_entity: z.string(),
  fingerprint: z.string(),
  error_class: errorClass,
  error_code: z.string(),
  error_path: z.string(),
  error_message: z.string(),
  missing_kind: z.string(),
  missing_system: z.string(),
  missing_code: z.string(),
  amount: z.string(),
  currency: z.string(),
  deadline: optionalText,
  assignee: z.string(),
  times_failed: z.number(),
  opened_at: z.string(),
  updated_at: z.string(),
  closed_at: optionalText,
  outcome: z.string(),
  tags: z.array(z.string()),
  is_open: flag,
});
export type CaseRow = z.infer<typeof caseRow>;

const sortColumns: Record<CaseSort, string> = {
  urgency: `deadline ASC NULLS LAST, ${worth} DESC`,
  deadline: 'deadline NULLS LAST',
  amount: worth,
  opened: 'opened_at',
  step: 'step',
  status: 'status',
  assignee: 'assignee',
};

/** The inbox. `urgency` is by SLA deadline, then by money, and has no direction. */
export function caseList(options: { sort: CaseSort; descending: boolean }) {
  const direction = options.descending ? 'DESC' : 'ASC';
  const column = sortColumns[options.sort];
  const order =
    options.sort === 'urgency'
      ? column
      : column.endsWith('NULLS LAST')
        ? `${column.replace(' NULLS LAST', '')} ${direction} NULLS LAST`
        : `${column} ${direction}`;
  return defineQuery({
    name: `case_list:${options.sort}:${direction}`,
    sql: (filter) => `
      SELECT ${Object.keys(caseRow.shape).join(', ')}
      FROM ${latestCases} WHERE ${allConditions(filter)}
      ORDER BY ${order}, case_id
      LIMIT {limit:UInt32} OFFSET {offset:UInt32}
      ${mergedOnce}`,
    params: z.object({ ...caseFilter, limit: z.number(), offset: z.number() }),
    row: caseRow,
  });
}

/** The cases the filters leave, as a list that stays what it is while others change. */
export const caseSelection = defineQuery({
  name: 'case_selection',
  sql: (filter) =>
    `SELECT case_id, revision FROM ${latestCases} WHERE ${allConditions(filter)} ORDER BY case_id LIMIT {limit:UInt32}`,
  params: z.object({ ...caseFilter, limit: z.number() }),
  row: z.object({ case_id: z.string(), revision: z.number() }),
});
