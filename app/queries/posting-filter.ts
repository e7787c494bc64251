import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { instantParam } from './columns.ts';

/** How long before its latest attempt an order may have been placed to be counted: bounds what is read. */
const reach = 'INTERVAL 60 DAY';

/** Postings whose latest attempt lies in [from, to), the names of two parameters. Backfill is not counted. */
export const postingsWithin = (from: string, to: string): string =>
  `occurred_at >= ${instantParam(from)} - ${reach} AND origin != 'backfill'
      AND last_at >= ${instantParam(from)} AND last_at < ${instantParam(to)}`;

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
 * Documents that an attempt within the window found posted by an earlier one whose answer was lost, and took over
 * instead of posting them again.
 */
const preventedKeys = `
  SELECT attributes['posting_key'] FROM steps
  WHERE at >= ${instantParam('from')} AND at < ${instantParam('to')} AND status IN ('completed', 'degraded')
    AND attributes['looked_up'] = 'true' AND attributes['posting_key'] != ''`;

/** Duplicates prevented within [from, to), by the time of the attempt that found the document. */
export const duplicatesPrevented = `occurred_at >= ${instantParam('from')} - ${reach} AND origin != 'backfill'
      AND posting_key IN (${preventedKeys})`;

/** Cases of the orders that can be counted, with their causes. */
const causesOfCases = `
  SELECT case_id AS stopped_by, fingerprint AS case_fingerprint FROM case_rows FINAL
  WHERE opened_at >= ${instantParam('from')} - ${reach}`;

/**
 * Failed postings of the window, each with its cause: the one its case is of, or, where another attempt comes by itself
 * and so no case is open, where it failed and with what code. `fingerprint` is empty for the latter.
 */
export const failedWithCause = `(
    SELECT *, case_fingerprint AS fingerprint, if(fingerprint != '', fingerprint,
      concat(step, '|', system, '|', error_class, '|', error_code, '|', replaceRegexpAll(error_path, '[0-9]+', '*'))) AS cause
    FROM (SELECT * FROM postings WHERE attempt_failed AND ${postingsWithin('from', 'to')}) AS p
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

/** Everything a filter asks, as SQL of fixed texts. */
export function postingConditions(filter: PostingFilter): string {
  const asked: readonly (readonly [boolean, string])[] = [
    [true, filter.prevented ? duplicatesPrevented : postingsWithin('from', 'to')],
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
  return asked.flatMap(([is, condition]) => (is ? [condition] : [])).join(' AND ');
}
