import { z } from 'zod';
import { caseStatus } from '#contracts/v1/case.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { errorClass, flow, stepStatus } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { latestCases, worth } from './case-filter.ts';
import { flag, instantParam } from './columns.ts';
import { late, stuck } from './standing.ts';
import { stepTargetParams } from './step-target.ts';

const rates = { currencies: z.array(z.string()), rates: z.array(z.string()) };
const keyed = {
  /** Parallel lists: a transaction each. */
  flows: z.array(flow),
  keys: z.array(z.string()),
};
const these = '(flow, key) IN (SELECT arrayJoin(arrayZip({flows:Array(String)}, {keys:Array(String)})))';

/** Cases of an incident: those of its causes that were open at any time within [from, to), and those linked themselves. */
const ofIncident = `((fingerprint IN ({fingerprints:Array(String)}) AND opened_at < ${instantParam('to')}
      AND (is_open OR ifNull(closed_at >= ${instantParam('from')}, 0))) OR case_id IN ({case_ids:Array(String)}))`;

/** How much hangs on an incident: its cases, and each of their transactions and of those linked once. */
export const incidentCounts = defineQuery({
  name: 'incident_counts',
  sql: ({ keys }) => `
    SELECT sum(cases) AS cases, sum(open_cases) AS open_cases, count() AS orders,
      toString(sum(worth)) AS value, toString(sumIf(worth, at_stake)) AS at_risk
    FROM (
      SELECT max(worth_of_one) AS worth, max(waits) AS at_stake, sum(is_case) AS cases, sum(is_case * waits) AS open_cases
      FROM (
        SELECT flow, key, ${worth} AS worth_of_one, toUInt8(is_open) AS waits, 1 AS is_case
        FROM ${latestCases} WHERE ${ofIncident}
        ${
          keys.length === 0
            ? ''
            : `UNION ALL
        SELECT flow, key, ${worth} AS worth_of_one, toUInt8(${stuck}) AS waits, 0 AS is_case
        FROM transactions WHERE ${these}`
        })
      GROUP BY flow, key)`,
  params: z.object({
    fingerprints: z.array(z.string()),
    case_ids: z.array(z.string()),
    ...keyed,
    from: instant,
    to: instant,
    now: instant,
    ...rates,
    ...stepTargetParams,
  }),
  row: z.object({
    cases: z.coerce.number(),
    open_cases: z.coerce.number(),
    orders: z.number(),
    value: z.string(),
    at_risk: z.string(),
  }),
});

/** Open cases of causes and what they are worth, one row for each cause that ever had a case. */
export const linkedCauses = defineQuery({
  name: 'linked_causes',
  sql: `
    SELECT fingerprint, countIf(is_open) AS open, count() AS ever, toString(sumIf(${worth}, is_open)) AS value
    FROM ${latestCases} WHERE fingerprint IN ({fingerprints:Array(String)}) GROUP BY fingerprint`,
  params: z.object({ fingerprints: z.array(z.string()), ...rates }),
  row: z.object({ fingerprint: z.string(), open: z.number(), ever: z.number(), value: z.string() }),
});

/** Cases by their ids. */
export const linkedCases = defineQuery({
  name: 'linked_cases',
  sql: `
    SELECT case_id, business_key, status, is_open, system, error_class, error_code, error_path, error_message,
      missing_kind, missing_system, missing_code, step, toString(amount) AS worth, currency
    FROM ${latestCases} WHERE case_id IN ({case_ids:Array(String)})`,
  params: z.object({ case_ids: z.array(z.string()) }),
  row: z.object({
    case_id: z.string(),
    business_key: z.string(),
    status: caseStatus,
    is_open: flag,
    system: z.string(),
    error_class: errorClass,
    error_code: z.string(),
    error_path: z.string(),
    error_message: z.string(),
    missing_kind: z.string(),
    missing_system: z.string(),
    missing_code: z.string(),
    step: z.string(),
    worth: z.string(),
    currency: z.string(),
  }),
});

/** Transactions by flow and key, with how they stand. */
export const linkedTransactions = defineQuery({
  name: 'linked_transactions',
  sql: `
    SELECT flow, key, business_key, step, status, case_id, is_open, ${late} AS is_late, ${stuck} AS is_stuck,
      toString(amount) AS worth, currency AS money
    FROM transactions WHERE ${these}`,
  params: z.object({ ...keyed, now: instant, ...stepTargetParams }),
  row: z.object({
    flow,
    key: z.string(),
    business_key: z.string(),
    step: z.string(),
    status: stepStatus,
    case_id: z.string(),
    is_open: flag,
    is_late: flag,
    is_stuck: flag,
    worth: z.string(),
    money: z.string(),
  }),
});
