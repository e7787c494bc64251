import { z } from 'zod';
import { breakDomain, breakKind, reconciliationStatus } from '#contracts/v1/reconciliation.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { optionalText } from './columns.ts';

const group = z.object({
  subject: z.string(),
  system: z.string(),
  location: z.string(),
  channel: z.string(),
  method: z.string(),
  legal_entity: z.string(),
  currency: z.string(),
  compared: z.coerce.number(),
  agreeing: z.coerce.number(),
  undecided: z.coerce.number(),
  ours: z.string(),
  theirs: z.string(),
});

const runRow = z.object({
  run_id: z.string(),
  plan: z.string(),
  name: z.string(),
  kind: z.enum(['stock', 'finance', 'orders']),
  status: reconciliationStatus,
  requested_by: z.string(),
  requested_at: z.string(),
  from: z.string(),
  to: z.string(),
  started_at: optionalText,
  finished_at: optionalText,
  key: z.string(),
  compared: z.coerce.number(),
  agreeing: z.coerce.number(),
  undecided: z.coerce.number(),
  opened: z.coerce.number(),
  seen_again: z.coerce.number(),
  healed: z.coerce.number(),
  groups: z.array(group),
  message: z.string(),
});
export type RunRow = z.output<typeof runRow>;

const runColumns =
  'run_id, plan, name, kind, status, requested_by, requested_at, `from`, `to`, started_at, finished_at, key, compared, agreeing, undecided, opened, seen_again, healed, message';

/** Runs, the newest first; an empty `plan` means every one. Without their groups, which only a run's own page shows. */
export const reconciliationRuns = defineQuery({
  name: 'reconciliation_runs',
  sql: `
    SELECT ${runColumns}, [] AS groups
    FROM reconciliation_runs WHERE {plan:String} = '' OR plan = {plan:String}
    ORDER BY requested_at DESC, run_id LIMIT {limit:UInt32}`,
  params: z.object({ plan: z.string(), limit: z.int().positive() }),
  row: runRow,
});

/** The latest run of each plan that came to an end with figures. */
export const latestRuns = defineQuery({
  name: 'latest_reconciliations',
  sql: `
    SELECT ${runColumns}, \`groups\`
    FROM reconciliation_runs WHERE status IN ('done', 'incomplete')
    ORDER BY requested_at DESC LIMIT 1 BY plan`,
  params: z.object({}),
  row: runRow,
});

export const reconciliationRunById = defineQuery({
  name: 'reconciliation_run',
  sql: `SELECT ${runColumns}, \`groups\` FROM reconciliation_runs WHERE run_id = {run:String} LIMIT 1`,
  params: z.object({ run: z.string() }),
  row: runRow,
});

export const breakSorts = ['seen', 'since', 'happened', 'difference', 'what', 'kind', 'times'] as const;
export type BreakSort = (typeof breakSorts)[number];

export const breakFilterParams = {
  domains: z.array(breakDomain),
  kinds: z.array(breakKind),
  statuses: z.array(z.enum(['open', 'healed', 'closed'])),
  systems: z.array(z.string()),
  entities: z.array(z.string()),
  /** A run that found it, first or last; empty for any. */
  run: z.string(),
  /** Beginning of an item, order number or reference, in lower case; empty for all. */
  text: z.string(),
};

export const breakFilters = `
  (empty({domains:Array(String)}) OR has({domains:Array(String)}, domain))
  AND (empty({kinds:Array(String)}) OR has({kinds:Array(String)}, kind))
  AND (empty({statuses:Array(String)}) OR has({statuses:Array(String)}, status))
  AND (empty({systems:Array(String)}) OR has({systems:Array(String)}, system))
  AND (empty({entities:Array(String)}) OR has({entities:Array(String)}, legal_entity))
  AND ({run:String} = '' OR first_run = {run:String} OR last_run = {run:String})
  AND ({text:String} = '' OR startsWith(lowerUTF8(business_key), {text:String})
    OR startsWith(lowerUTF8(reference), {text:String}) OR startsWith(lowerUTF8(document_number), {text:String}))`;

const side = z.object({
  side: z.string(),
  system: z.string(),
  figure: z.string(),
  read_at: z.string(),
  references: z.array(z.string()),
});

const breakRow = z.object({
  break_id: z.string(),
  revision: z.number(),
  status: z.enum(['open', 'healed', 'closed']),
  domain: breakDomain,
  kind: breakKind,
  plan: z.string(),
  system: z.string(),
  sku: z.string(),
  location: z.string(),
  channel: z.string(),
  legal_entity: z.string(),
  method: z.string(),
  reference: z.string(),
  business_key: z.string(),
  key: z.string(),
  difference: z.string(),
  currency: z.string(),
  occurred_at: z.string(),
  sides: z.array(side),
  first_run: z.string(),
  last_run: z.string(),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  times_seen: z.number(),
  assignee: z.string(),
  document_number: z.string(),
  reason: z.string(),
});
export type BreakRow = z.output<typeof breakRow>;

const breakColumns =
  'break_id, revision, status, domain, kind, plan, system, sku, location, channel, legal_entity, method, reference, business_key, key, difference, currency, occurred_at, sides, first_run, last_run, first_seen_at, last_seen_at, times_seen, assignee, document_number, reason';

const sortColumns: Record<BreakSort, string> = {
  seen: 'last_seen_at',
  since: 'first_seen_at',
  happened: 'occurred_at',
  difference: 'abs(difference)',
  what: 'business_key',
  kind: 'kind',
  times: 'times_seen',
};

/** Breaks, filtered, sorted and paged by ClickHouse. */
export function breakList(sort: BreakSort, descending: boolean) {
  const direction = descending ? 'DESC' : 'ASC';
  return defineQuery({
    name: `break_list:${sort}:${direction}`,
    sql: `
      SELECT ${breakColumns.replace('difference,', 'toString(difference) AS difference,')}
      FROM (SELECT * FROM reconciliation_breaks) AS b WHERE ${breakFilters}
      ORDER BY ${sortColumns[sort].replace('difference', 'b.difference')} ${direction}, break_id ${direction}
      LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    params: z.object({ ...breakFilterParams, limit: z.int(), offset: z.int() }),
    row: breakRow,
  });
}

/** How many the same filters leave. */
export const breakCount = defineQuery({
  name: 'break_count',
  sql: `SELECT count() AS breaks FROM reconciliation_breaks WHERE ${breakFilters}`,
  params: z.object(breakFilterParams),
  row: z.object({ breaks: z.number() }),
});

/** Open breaks by domain, and what they come to by currency; units have none. A missing order is as old as when it was placed. */
export const openBreaks = defineQuery({
  name: 'open_breaks',
  sql: `
    SELECT domain, currency, count() AS breaks, countIf(assignee = '') AS unassigned,
      toString(sum(abs(difference))) AS amount, min(if(domain = 'orders', occurred_at, first_seen_at)) AS oldest_at
    FROM reconciliation_breaks WHERE status = 'open' GROUP BY domain, currency ORDER BY domain, currency`,
  params: z.object({}),
  row: z.object({
    domain: breakDomain,
    currency: z.string(),
    breaks: z.number(),
    unassigned: z.number(),
    amount: z.string(),
    oldest_at: z.string(),
  }),
});
export type OpenBreaks = z.output<typeof openBreaks.row>;

/** The story of one break, the newest first. */
export const breakStory = defineQuery({
  name: 'break_story',
  sql: `
    SELECT event_id, type, at, actor, note, toString(difference) AS difference, currency, sides, assignee, document_number
    FROM reconciliation_break_events WHERE break_id = {id:String}
    ORDER BY revision DESC LIMIT 1 BY revision LIMIT 200`,
  params: z.object({ id: z.string() }),
  row: z.object({
    event_id: z.string(),
    type: z.string(),
    at: z.string(),
    actor: z.string(),
    note: z.string(),
    difference: z.string(),
    currency: z.string(),
    sides: z.array(side),
    assignee: z.string(),
    document_number: z.string(),
  }),
});

export const breakById = defineQuery({
  name: 'break_by_id',
  sql: `
    SELECT ${breakColumns.replace('difference,', 'toString(b.difference) AS difference,')}
    FROM (SELECT * FROM reconciliation_breaks) AS b WHERE break_id = {id:String} LIMIT 1`,
  params: z.object({ id: z.string() }),
  row: breakRow,
});
