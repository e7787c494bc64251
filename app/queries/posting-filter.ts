import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { instantParam } from './columns.ts';

const latest = (...names: string[]): string =>
  names.map((name) => `argMax(p.${name}, p.ordinal) AS ${name}`).join(', ');

/** SQL: postings by the latest of the attempts that `which` chooses. A column that is not asked for is not read. */
const postingsOf = (which: string): string => `(
      SELECT p.posting_key AS posting_key, argMax(p.at, p.ordinal) AS last_at, max(p.attempt) AS attempts,
        ${latest('status', 'flow', 'key', 'business_key', 'step', 'document', 'document_number', 'system', 'legal_entity')},
        ${latest('amount', 'currency', 'case_id', 'error_class', 'error_code', 'error_path', 'error_message', 'retry_at')},
        multiIf(
          status IN ('completed', 'degraded'), 'posted',
          status = 'retrying', 'retrying',
          status IN ('failed', 'quarantined'), 'failed',
          status = 'compensated', 'compensated',
          status IN ('skipped', 'superseded'), 'skipped',
          'pending') AS state,
        status IN ('retrying', 'failed', 'quarantined') AS attempt_failed
      FROM posting_attempts AS p WHERE p.origin != 'backfill' AND ${which} GROUP BY p.posting_key)`;

const within = (from: string, to: string): string => `p.at >= ${instantParam(from)} AND p.at < ${instantParam(to)}`;

/** Attempts in [from, to) of postings that were not tried again later. */
const lastWithin = (from: string, to: string): string => `${within(from, to)} AND p.posting_key NOT IN (
        SELECT posting_key FROM posting_attempts WHERE at >= ${instantParam(to)} AND occurred_at < ${instantParam(to)})`;

/** SQL: postings whose latest attempt lies in [from, to), the names of two parameters. Backfill is not counted. */
export const postingsWithin = (from: string, to: string): string => postingsOf(lastWithin(from, to));

/** What there was nothing to post of was never attempted. */
export const attempted = `status != 'skipped'`;

/**
 * Where a posting stands: `failed` is one whose latest attempt failed, whether another comes or a person is needed. Only
 * `skipped` was never attempted.
 */
export const postingStandings = ['failed', 'pending', 'posted', 'compensated', 'superseded', 'skipped'] as const;
export type PostingStanding = (typeof postingStandings)[number];
export const standing = `multiIf(attempt_failed, 'failed', status IN ('skipped', 'superseded'), toString(status), state)`;

/**
 * SQL: postings that an attempt within [from, to) found posted by an earlier one whose answer was lost, and took over instead
 * of posting them again; as they stand now.
 */
const preventedWithin = `p.at >= ${instantParam('from')} AND p.posting_key IN (
        SELECT p.posting_key FROM posting_attempts AS p
        WHERE ${within('from', 'to')} AND p.looked_up AND p.status IN ('completed', 'degraded'))`;
export const postingsPreventedWithin = postingsOf(preventedWithin);

/** Cases of the orders that can be counted, with their causes. */
const causesOfCases = `
  SELECT case_id AS stopped_by, fingerprint AS case_fingerprint FROM case_rows FINAL
  WHERE opened_at >= ${instantParam('from')} - INTERVAL 60 DAY`;

/** Of the postings of the window, those that an attempt within it failed of: among them are all whose latest one did. */
const failedWithin = postingsOf(`${lastWithin('from', 'to')} AND p.posting_key IN (
        SELECT posting_key FROM posting_attempts AS p
        WHERE ${within('from', 'to')} AND p.status IN ('retrying', 'failed', 'quarantined'))`);

/**
 * Failed postings of the window, each with its cause: the one its case is of, or, where another attempt comes by itself
 * and so no case is open, where it failed and with what code. `fingerprint` is empty for the latter.
 */
export const failedWithCause = `(
    SELECT *, case_fingerprint AS fingerprint, if(fingerprint != '', fingerprint,
      concat(step, '|', system, '|', error_class, '|', error_code, '|', replaceRegexpAll(error_path, '[0-9]+', '*'))) AS cause
    FROM (SELECT * FROM ${failedWithin} WHERE attempt_failed) AS p
    LEFT ANY JOIN (${causesOfCases}) AS c ON p.case_id = c.stopped_by)`;

export const postingWindow = { from: instant, to: instant };

export const postingFilter = {
  ...postingWindow,
  /** Empty for all that were attempted. */
  standings: z.array(z.enum(postingStandings)),
  systems: z.array(z.string()),
  entities: z.array(z.string()),
  documents: z.array(z.string()),
  /** A cause as the groups name it; empty for any. */
  cause: z.string(),
  /** Duplicates prevented instead of attempts within the window. */
  prevented: z.boolean(),
  /** Beginning of a posting key, document number or order number, in lower case; empty for all. */
  text: z.string(),
};
export type PostingFilter = z.output<z.ZodObject<typeof postingFilter>>;

/** SQL: of the postings that a filter looks at, those with the keys that `keys` selects. */
export const postingsPicked = ({ prevented }: PostingFilter, keys: string): string =>
  postingsOf(`${prevented ? preventedWithin : lastWithin('from', 'to')} AND p.posting_key IN (${keys})`);

/** What a filter asks, as SQL of fixed texts: where to read, and which of it. */
export function postingsAsked(filter: PostingFilter): string {
  const asked: readonly (readonly [boolean, string])[] = [
    [filter.standings.length === 0, attempted],
    [filter.standings.length > 0, `has({standings:Array(String)}, ${standing})`],
    [filter.systems.length > 0, 'has({systems:Array(String)}, system)'],
    [filter.entities.length > 0, 'has({entities:Array(String)}, legal_entity)'],
    [filter.documents.length > 0, 'has({documents:Array(String)}, document)'],
    [filter.cause !== '', `posting_key IN (SELECT posting_key FROM ${failedWithCause} WHERE cause = {cause:String})`],
    [
      filter.text !== '',
      `(startsWith(lowerUTF8(posting_key), {text:String}) OR startsWith(lowerUTF8(document_number), {text:String})
        OR startsWith(lowerUTF8(business_key), {text:String}))`,
    ],
  ];
  const conditions = asked.flatMap(([is, condition]) => (is ? [condition] : [])).join(' AND ');
  return `${filter.prevented ? postingsPreventedWithin : postingsWithin('from', 'to')} WHERE ${conditions}`;
}
