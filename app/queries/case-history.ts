import { z } from 'zod';
import { caseEventType } from '#contracts/v1/case.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** What cured this cause before: the last repair of each resolved case of the same group, newest first. */
export const curesBefore = defineQuery({
  name: 'cures_before',
  sql: `
    SELECT case_id, type, at, actor, note, detail
    FROM case_events
    WHERE fingerprint = {fingerprint:String} AND case_id != {case_id:String}
      AND type IN ('fixed', 'mapping_added', 'done_outside')
      AND case_id IN (SELECT case_id FROM case_events WHERE fingerprint = {fingerprint:String} AND type IN ('resolved', 'done_outside'))
    ORDER BY at DESC
    LIMIT 1 BY case_id
    LIMIT 5`,
  params: z.object({ fingerprint: z.string(), case_id: z.string() }),
  row: z.object({
    case_id: z.string(),
    type: caseEventType,
    at: z.string(),
    actor: z.string(),
    note: z.string(),
    detail: z.record(z.string(), z.string()),
  }),
});

/** How many other open cases have the same cause. */
export const casesAlike = defineQuery({
  name: 'cases_alike',
  sql: `SELECT count() AS open FROM cases WHERE fingerprint = {fingerprint:String} AND is_open AND case_id != {case_id:String}`,
  params: z.object({ fingerprint: z.string(), case_id: z.string() }),
  row: z.object({ open: z.number() }),
});
