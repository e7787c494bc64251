import { z } from 'zod';
import { repairOutcome } from '#contracts/v1/repair.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

const filters = `run_id = {run:String} AND (empty({outcomes:Array(String)}) OR has({outcomes:Array(String)}, outcome))`;
const filterParams = { run: z.string(), outcomes: z.array(repairOutcome) };

export const repairItemRow = z.object({
  case_id: z.string(),
  key: z.string(),
  business_key: z.string(),
  amount: z.string(),
  currency: z.string(),
  outcome: repairOutcome,
  message: z.string(),
  at: z.string(),
});
export type RepairItemRow = z.infer<typeof repairItemRow>;

/** What became of the cases of a run, in the order of their turns. */
export const repairItemList = defineQuery({
  name: 'repair_items',
  sql: `
    SELECT case_id, key, business_key, amount, currency, outcome, message, at
    FROM repair_items WHERE ${filters}
    ORDER BY position LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
  params: z.object({ ...filterParams, limit: z.number(), offset: z.number() }),
  row: repairItemRow,
});

/** How many cases of a run stand at each outcome, as far as they have landed. */
export const repairItemCounts = defineQuery({
  name: 'repair_item_counts',
  sql: 'SELECT outcome, count() AS cases FROM repair_items WHERE run_id = {run:String} GROUP BY outcome',
  params: z.object({ run: z.string() }),
  row: z.object({ outcome: repairOutcome, cases: z.number() }),
});

/** Why cases were not cured, refused, held, failed again or stopped later, the most frequent reason first. */
export const repairReasons = defineQuery({
  name: 'repair_reasons',
  sql: `
    SELECT outcome, message, count() AS cases
    FROM repair_items
    WHERE run_id = {run:String} AND message != '' AND outcome IN ('not_cured', 'refused', 'failed_again', 'changed', 'held', 'stopped_later')
    GROUP BY outcome, message ORDER BY cases DESC, outcome, message LIMIT 20`,
  params: z.object({ run: z.string() }),
  row: z.object({ outcome: repairOutcome, message: z.string(), cases: z.number() }),
});

/** Open cases of a cause that a run does not know of: they came after its list was frozen. */
export const casesSince = defineQuery({
  name: 'cases_since_run',
  sql: `
    SELECT count() AS cases FROM cases
    WHERE is_open AND fingerprint = {fingerprint:String} AND opened_at > ${instantParam('since')}
      AND case_id NOT IN (SELECT case_id FROM repair_items WHERE run_id = {run:String})`,
  params: z.object({ fingerprint: z.string(), since: z.string(), run: z.string() }),
  row: z.object({ cases: z.number() }),
});
