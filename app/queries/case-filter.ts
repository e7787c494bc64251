import { z } from 'zod';
import { caseStatus } from '#contracts/v1/case.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import type { RatesInForce } from '#platform/rates.ts';

export const caseFilter = {
  /** open: what waits for somebody. closed: resolved, done outside, discarded. all: both. */
  state: z.enum(['open', 'closed', 'all']),
  statuses: z.array(caseStatus),
  /** An assignee's id; `nobody` for cases nobody has taken; empty for all. */
  assignee: z.string(),
  steps: z.array(z.string()),
  classes: z.array(errorClass),
  systems: z.array(z.string()),
  /** For want of something about any of these systems, whichever step stopped: see `lackingSystem`. */
  lacking: z.array(z.string()).default([]),
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
export type CaseFilter = z.output<z.ZodObject<typeof caseFilter>>;

/**
 * Each case in its latest revision: the view `cases` without its columns, each of which ClickHouse would look up again
 * for every question.
 */
export const latestCases = 'case_rows FINAL';

/** Whose code a case lacks, which need not be the system of the step that stopped; that one where no code is named. */
export const lackingSystem = "if(missing_system = '', system, missing_system)";

/**
 * FINAL merges in one go. By default each thread merges a range of the keys, which costs a fifth more in all; and a page
 * asks several questions at a time anyway.
 */
export const mergedOnce = 'SETTINGS split_intersecting_parts_ranges_into_layers_final = 0';

/** The rates in force, as a filter takes them. */
export const ratesOfFilter = ({ of }: RatesInForce): Pick<CaseFilter, 'currencies' | 'rates'> => ({
  currencies: [...of.keys()],
  rates: [...of.values()].map(({ rate }) => rate),
});

/** Order value in the reporting currency; a currency without a rate counts nothing rather than wrongly. */
export const worth = `amount * arrayMap(rate -> toDecimal128OrZero(rate, 10), {rates:Array(String)})[
  indexOf({currencies:Array(String)}, currency)]`;

/** Only what is asked, as SQL: ClickHouse plans every condition that stands in a statement, also one that lets all pass. */
type Conditions = readonly string[];

const asked = (conditions: readonly (readonly [boolean, string])[]): Conditions =>
  conditions.flatMap(([is, condition]) => (is ? [condition] : []));

export const stateConditions = ({ state }: Pick<CaseFilter, 'state'>): Conditions =>
  asked([
    [state === 'open', 'is_open'],
    [state === 'closed', 'NOT is_open'],
  ]);

/** Cases that await approval and were written at: authors only ever become more, so any of their events may say so. */
const written = `
  SELECT case_id FROM case_events
  WHERE case_id IN (SELECT case_id FROM ${latestCases} WHERE status = 'awaiting_approval')
    AND has(JSONExtract(state, 'authors', 'Array(String)'), {approver:String})`;

/** All that a filter asks but the state and what becomes of muted causes. */
export const otherConditions = (filter: CaseFilter): Conditions =>
  asked([
    [filter.statuses.length > 0, 'status IN ({statuses:Array(String)})'],
    [filter.assignee === 'nobody', "assignee = ''"],
    [!['', 'nobody'].includes(filter.assignee), 'assignee = {assignee:String}'],
    [filter.steps.length > 0, 'step IN ({steps:Array(String)})'],
    [filter.classes.length > 0, 'error_class IN ({classes:Array(String)})'],
    [filter.systems.length > 0, 'system IN ({systems:Array(String)})'],
    [filter.lacking.length > 0, `${lackingSystem} IN ({lacking:Array(String)})`],
    [filter.fingerprint !== '', 'fingerprint = {fingerprint:String}'],
    [filter.on_hold === 'only', 'fingerprint IN ({held_causes:Array(String)})'],
    [filter.on_hold === 'hide', 'fingerprint NOT IN ({held_causes:Array(String)})'],
    [filter.tags.length > 0, 'hasAny(tags, {tags:Array(String)})'],
    [filter.mentions !== '', 'has(mentioned, {mentions:String})'],
    [
      filter.approver !== '',
      `status = 'awaiting_approval' AND approval_requested_by != {approver:String} AND fixed_by != {approver:String} AND case_id NOT IN (${written})`,
    ],
    [filter.search !== '', 'position(search_text, {search:String}) > 0'],
  ]);

export const mutedCause = 'fingerprint IN ({muted_causes:Array(String)})';

const muteConditions = ({ muted, muted_causes }: CaseFilter): Conditions =>
  asked([
    [muted === 'only', mutedCause],
    [muted === 'hide' && muted_causes.length > 0, `NOT (${mutedCause})`],
  ]);

export const joinConditions = (conditions: Conditions): string => conditions.join(' AND ') || '1';

/** Everything a filter asks. */
export const allConditions = (filter: CaseFilter): string =>
  joinConditions([...stateConditions(filter), ...otherConditions(filter), ...muteConditions(filter)]);
