import { z } from 'zod';
import { errorClass, flow } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { optionalText } from './columns.ts';
import {
  attempted,
  failedWithCause,
  postingFilter,
  postingsAsked,
  postingsPicked,
  postingsPreventedWithin,
  postingsWithin,
  postingWindow,
  standing,
} from './posting-filter.ts';

export const postingSorts = ['last', 'posting', 'document', 'system', 'state', 'attempts', 'amount'] as const;
export type PostingSort = (typeof postingSorts)[number];

const sortColumns: Record<PostingSort, string> = {
  last: 'last_at',
  posting: 'posting_key',
  document: 'document',
  system: 'system',
  state: `indexOf(['failed', 'retrying', 'pending', 'posted', 'compensated', 'skipped'], state)`,
  attempts: 'attempts',
  amount: 'amount',
};

const row = z.object({
  posting_key: z.string(),
  flow,
  key: z.string(),
  business_key: z.string(),
  document: z.string(),
  document_number: z.string(),
  system: z.string(),
  legal_entity: z.string(),
  state: z.enum(['posted', 'retrying', 'failed', 'compensated', 'skipped', 'pending']),
  attempts: z.number(),
  amount: z.string(),
  currency: z.string(),
  last_at: z.string(),
  retry_at: optionalText,
  case_id: z.string(),
  error_class: z.string(),
  error_code: z.string(),
  error_message: z.string(),
});
export type PostingRow = z.output<typeof row>;

/** Postings, filtered, sorted and paged by ClickHouse: which are on the page is found out before all of each is read. */
export function postingList(sort: PostingSort, descending: boolean) {
  const direction = descending ? 'DESC' : 'ASC';
  const order = `${sortColumns[sort]} ${direction}, posting_key ${direction}`;
  return defineQuery({
    name: `posting_list:${sort}:${direction}`,
    sql: (filter) => `
      SELECT posting_key, flow, key, business_key, document, document_number, system, legal_entity, state, attempts, amount,
        currency, last_at, retry_at, case_id, error_class, error_code, error_message
      FROM ${postingsPicked(
        filter,
        `SELECT posting_key FROM ${postingsAsked(filter)}
        ORDER BY ${order} LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      )}
      ORDER BY ${order}`,
    params: z.object({ ...postingFilter, limit: z.int().positive(), offset: z.int() }),
    row,
  });
}

/** How many the same filters leave. */
export const postingCount = defineQuery({
  name: 'posting_count',
  sql: (filter) => `SELECT count() AS postings FROM ${postingsAsked(filter)}`,
  params: z.object(postingFilter),
  row: z.object({ postings: z.number() }),
});

const where = { system: z.string(), legal_entity: z.string(), document: z.string() };

/** How the postings of the window stand, by system, legal entity and document. */
export const postingSummary = defineQuery({
  name: 'posting_summary',
  sql: `
    SELECT system, legal_entity, document, countIf(standing = 'failed') AS failed, countIf(standing = 'pending') AS pending,
      countIf(standing = 'posted') AS posted, countIf(standing = 'compensated') AS compensated,
      countIf(standing = 'superseded') AS superseded, countIf(standing = 'skipped') AS skipped
    FROM (SELECT system, legal_entity, document, ${standing} AS standing FROM ${postingsWithin('from', 'to')})
    GROUP BY system, legal_entity, document ORDER BY system, legal_entity, document`,
  params: z.object(postingWindow),
  row: z.object({
    ...where,
    failed: z.number(),
    pending: z.number(),
    posted: z.number(),
    compensated: z.number(),
    superseded: z.number(),
    skipped: z.number(),
  }),
});
export type PostingSummaryRow = z.output<typeof postingSummary.row>;

/** Duplicates prevented within the window, by system, legal entity and document. */
export const postingsPrevented = defineQuery({
  name: 'postings_prevented',
  sql: `
    SELECT system, legal_entity, document, count() AS prevented FROM ${postingsPreventedWithin}
    WHERE ${attempted}
    GROUP BY system, legal_entity, document`,
  params: z.object(postingWindow),
  row: z.object({ ...where, prevented: z.number() }),
});
export type PostingsPrevented = z.output<typeof postingsPrevented.row>;

/** Failed postings of the window by cause, the cause that fails most first. */
export const postingCauses = defineQuery({
  name: 'posting_causes',
  sql: `
    SELECT cause, any(fingerprint) AS fingerprint, any(step) AS step, any(system) AS system, any(document) AS document,
      any(error_class) AS error_class, argMax(error_code, last_at) AS error_code, argMax(error_path, last_at) AS error_path,
      argMax(error_message, last_at) AS error_message, count() AS failed, countIf(state = 'retrying') AS retrying,
      max(last_at) AS latest_at
    FROM ${failedWithCause}
    GROUP BY cause ORDER BY failed DESC, cause LIMIT {limit:UInt32}`,
  params: z.object({ ...postingWindow, limit: z.int().positive() }),
  row: z.object({
    cause: z.string(),
    fingerprint: z.string(),
    step: z.string(),
    system: z.string(),
    document: z.string(),
    error_class: errorClass,
    error_code: z.string(),
    error_path: z.string(),
    error_message: z.string(),
    failed: z.number(),
    retrying: z.number(),
    latest_at: z.string(),
  }),
});
export type PostingCauseRow = z.output<typeof postingCauses.row>;
