import { z } from 'zod';
import { caseStatus } from '#contracts/v1/case.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { flag, instantParam, optionalText } from './columns.ts';

export const caseSorts = ['urgency', 'deadline', 'amount', 'opened', 'step', 'status', 'assignee'] as const;
export type CaseSort = (typeof caseSorts)[number];

const filterParams = {
  /** open: what waits for somebody. closed: resolved, done outside, discarded. all: both. */
  state: z.enum(['open', 'closed', 'all']),
  statuses: z.array(caseStatus),
  /** An assignee's id; `nobody` for cases nobody has taken; empty for all. */
  assignee: z.string(),
  steps: z.array(z.string()),
  classes: z.array(errorClass),
  systems: z.array(z.string()),
  fingerprint: z.string(),
  /** Cases of muted causes: left out, shown too, or alone. */
  muted: z.enum(['hide', 'show', 'only']).default('show'),
  muted_causes: z.array(z.string()).default([]),
  /** Cases of causes on hold: all cases where empty, these alone, or without these. */
  on_hold: z.enum(['', 'only', 'hide']).default(''),
  held_causes: z.array(z.string()).default([]),
  /** With any of these tags. */
  tags: z.array(z.string()).default([]),
  /** E-mail of somebody a comment mentioned; empty for all. */
  mentions: z.string().default(''),
  /** E-mail of somebody who could be the second person: neither asked for the replay nor wrote any of what it sends; empty for all. */
  approver: z.string().default(''),
  /** Part of the order number, the case id or the message, lower case. */
  search: z.string(),
  /** Rates to the reporting currency, by currency: parallel lists. */
  currencies: z.array(z.string()),
  rates: z.array(z.string()),
};

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

/** Order value in the reporting currency; a currency without a rate counts nothing rather than wrongly. */
const value = `amount * toDecimal64OrZero({rates:Array(String)}[indexOf({currencies:Array(String)}, currency)], 6)`;

/** Is a case among those of muted causes, and is that shown? */
const muted = 'fingerprint IN ({muted_causes:Array(String)})';
const shown = `({muted:String} = 'show' OR (${muted}) = ({muted:String} = 'only'))`;

/** Cases that await approval and were written at: authors only ever become more, so any of their events may say so. */
const written = `
  SELECT case_id FROM case_events
  WHERE {approver:String} != ''
    AND case_id IN (SELECT case_id FROM case_rows FINAL WHERE {approver:String} != '' AND status = 'awaiting_approval')
    AND has(JSONExtract(state, 'authors', 'Array(String)'), {approver:String})`;

const othersThanMuted = `
  ({state:String} = 'all' OR is_open = ({state:String} = 'open'))
  AND (empty({statuses:Array(String)}) OR status IN ({statuses:Array(String)}))
  AND multiIf({assignee:String} = '', 1, {assignee:String} = 'nobody', assignee = '', assignee = {assignee:String})
  AND (empty({steps:Array(String)}) OR step IN ({steps:Array(String)}))
  AND (empty({classes:Array(String)}) OR error_class IN ({classes:Array(String)}))
  AND (empty({systems:Array(String)}) OR system IN ({systems:Array(String)}))
  AND ({fingerprint:String} = '' OR fingerprint = {fingerprint:String})
  AND ({on_hold:String} = '' OR (fingerprint IN ({held_causes:Array(String)})) = ({on_hold:String} = 'only'))
  AND (empty({tags:Array(String)}) OR hasAny(tags, {tags:Array(String)}))
  AND ({mentions:String} = '' OR has(mentioned, {mentions:String}))
  AND ({approver:String} = '' OR (status = 'awaiting_approval' AND approval_requested_by != {approver:String} AND fixed_by != {approver:String} AND case_id NOT IN (${written})))
  AND ({search:String} = '' OR position(search_text, {search:String}) > 0)`;
const filters = `${othersThanMuted} AND ${shown}`;

const sortColumns: Record<CaseSort, string> = {
  urgency: `deadline ASC NULLS LAST, ${value} DESC`,
  deadline: 'deadline NULLS LAST',
  amount: value,
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
    sql: `
      SELECT case_id, revision, status, flow, key, business_key, step, system, channel, legal_entity, fingerprint, error_class, error_code, error_path,
        error_message, missing_kind, missing_system, missing_code, amount, currency, deadline, assignee, times_failed, opened_at, updated_at, closed_at, outcome, tags, is_open
      FROM cases WHERE ${filters}
      ORDER BY ${order}, case_id
      LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    params: z.object({ ...filterParams, limit: z.number(), offset: z.number() }),
    row: caseRow,
  });
}

/** The cases the filters leave, as a list that stays what it is while others change. */
export const caseSelection = defineQuery({
  name: 'case_selection',
  sql: `SELECT case_id, revision FROM cases WHERE ${filters} ORDER BY case_id LIMIT {limit:UInt32}`,
  params: z.object({ ...filterParams, limit: z.number() }),
  row: z.object({ case_id: z.string(), revision: z.number() }),
});

/**
 * How many cases the filters leave, their value at risk, the oldest, and how many are past their deadline; and how many
 * cases of muted causes the other filters leave, whether they are shown or not.
 */
export const caseCount = defineQuery({
  name: 'case_count',
  sql: `
    SELECT countIf(c.shown) AS cases, uniqExactIf(fingerprint, c.shown) AS groups, toString(sumIf(c.worth, c.shown)) AS value,
      minOrNullIf(opened_at, c.shown) AS oldest, countIf(c.shown AND deadline < ${instantParam('now')}) AS late,
      minOrNullIf(deadline, c.shown AND deadline >= ${instantParam('now')}) AS next_breach,
      countIf(c.muted) AS muted_cases, uniqExactIf(fingerprint, c.muted) AS muted_groups
    FROM (
      SELECT fingerprint, opened_at, deadline, ${value} AS worth, ${shown} AS shown, ${muted} AS muted
      FROM cases WHERE ${othersThanMuted}) AS c`,
  params: z.object({ ...filterParams, now: z.string() }),
  row: z.object({
    cases: z.number(),
    groups: z.number(),
    value: z.string(),
    oldest: optionalText,
    late: z.number(),
    next_breach: optionalText,
    muted_cases: z.number(),
    muted_groups: z.number(),
  }),
});

/** The same cases by cause. A group's count is the length of the list its fingerprint filters to. */
export const caseGroups = defineQuery({
  name: 'case_groups',
  sql: `
    SELECT fingerprint, count() AS cases, toString(sum(c.worth)) AS value, any(c.step) AS step, any(c.system) AS system,
      any(c.error_class) AS error_class, any(c.error_code) AS error_code, any(c.error_path) AS error_path,
      any(c.missing_kind) AS missing_kind, any(c.missing_system) AS missing_system, any(c.missing_code) AS missing_code, argMax(c.error_message, c.opened_at) AS error_message,
      min(c.opened_at) AS first_at, max(c.opened_at) AS last_at, minOrNull(c.deadline) AS next_deadline,
      countIf(c.assignee = '') AS unassigned
    FROM (
      SELECT fingerprint, step, system, error_class, error_code, error_path, error_message, missing_kind, missing_system, missing_code, opened_at, deadline, assignee, ${value} AS worth
      FROM cases WHERE ${filters}) AS c
    GROUP BY fingerprint
    ORDER BY next_deadline ASC NULLS LAST, sum(c.worth) DESC, fingerprint
    LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
  params: z.object({ ...filterParams, limit: z.number(), offset: z.number() }),
  row: z.object({
    fingerprint: z.string(),
    cases: z.number(),
    value: z.string(),
    step: z.string(),
    system: z.string(),
    error_class: errorClass,
    error_code: z.string(),
    error_path: z.string(),
    error_message: z.string(),
    missing_kind: z.string(),
    missing_system: z.string(),
    missing_code: z.string(),
    first_at: z.string(),
    last_at: z.string(),
    next_deadline: optionalText,
    unassigned: z.number(),
  }),
});
export type CaseGroup = z.infer<typeof caseGroups.row>;

/** What the open cases differ in, for the filters' choices. */
export const caseFacets = defineQuery({
  name: 'case_facets',
  sql: `
    SELECT groupUniqArray(step) AS steps, groupUniqArray(error_class) AS classes, groupUniqArray(system) AS systems,
      groupUniqArray(assignee) AS assignees, groupUniqArrayArray(tags) AS tags
    FROM cases WHERE {state:String} = 'all' OR is_open = ({state:String} = 'open')`,
  params: z.object({ state: z.enum(['open', 'closed', 'all']) }),
  row: z.object({
    steps: z.array(z.string()),
    classes: z.array(z.string()),
    systems: z.array(z.string()),
    assignees: z.array(z.string()),
    tags: z.array(z.string()),
  }),
});
