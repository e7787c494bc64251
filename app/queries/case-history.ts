import { z } from 'zod';
import { caseEventType } from '#contracts/v1/case.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

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

/** Who looked at a case, saw personal data in it or took it out, newest first; `since` is when it was opened. */
export const caseLooks = defineQuery({
  name: 'case_looks',
  sql: `
    SELECT event_id, at, actor, action
    FROM audit
    WHERE at >= ${instantParam('since')} AND object_kind = 'case' AND object_id = {case_id:String}
      AND action IN ('viewed', 'revealed', 'exported')
    ORDER BY at DESC
    LIMIT 200`,
  params: z.object({ case_id: z.string(), since: z.string() }),
  row: z.object({
    event_id: z.string(),
    at: z.string(),
    actor: z.string(),
    action: z.enum(['viewed', 'revealed', 'exported']),
  }),
});

/** Resolved cases of a group whose last repair changed the payload, newest first, with where the payloads lie. */
export const payloadCures = defineQuery({
  name: 'payload_cures',
  sql: `
    SELECT c.case_id AS case_id, c.key AS key, c.version AS version, s.intake_seq AS intake_seq
    FROM (
      SELECT case_id, flow, key, toUInt32OrZero(detail['payload_version']) AS version, at, type
      FROM case_events
      WHERE fingerprint = {fingerprint:String} AND case_id != {case_id:String}
        AND type IN ('fixed', 'mapping_added', 'done_outside')
        AND case_id IN (SELECT case_id FROM case_events WHERE fingerprint = {fingerprint:String} AND type = 'resolved')
      ORDER BY revision DESC
      LIMIT 1 BY case_id) AS c
    INNER JOIN (
      SELECT flow, key, argMin(toUInt64OrZero(attributes['intake_seq']), ordinal) AS intake_seq
      FROM steps
      WHERE attributes['intake_seq'] != '' AND key IN (SELECT key FROM case_events WHERE fingerprint = {fingerprint:String})
      GROUP BY flow, key) AS s ON s.flow = c.flow AND s.key = c.key
    WHERE c.type = 'fixed' AND c.version > 1
    ORDER BY c.at DESC
    LIMIT {limit:UInt32}`,
  params: z.object({ fingerprint: z.string(), case_id: z.string(), limit: z.int().positive() }),
  row: z.object({
    case_id: z.string(),
    key: z.string(),
    version: z.number(),
    intake_seq: z.coerce.number(),
  }),
});
