import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';
import { attempted, postingsWithin } from './posting-filter.ts';

/** Postings attempted in [from, to) by their latest attempt, those whose latest attempt failed, and the same before. */
export const postingFailures = defineQuery({
  name: 'posting_failures',
  sql: `
    SELECT
      countIf(last_at >= ${instantParam('from')}) AS postings,
      countIf(last_at >= ${instantParam('from')} AND attempt_failed) AS failed,
      countIf(last_at < ${instantParam('from')}) AS postings_before,
      countIf(last_at < ${instantParam('from')} AND attempt_failed) AS failed_before
    FROM ${postingsWithin('before', 'to')} WHERE ${attempted}`,
  params: z.object({ before: instant, from: instant, to: instant }),
  row: z.object({ postings: z.number(), failed: z.number(), postings_before: z.number(), failed_before: z.number() }),
});

export const postingFailuresOverTime = defineQuery({
  name: 'posting_failures_over_time',
  sql: `
    SELECT toStartOfInterval(last_at, toIntervalSecond({bucket:UInt32}), 'UTC') AS bucket_at,
      count() AS postings, countIf(attempt_failed) AS failed
    FROM ${postingsWithin('from', 'to')} WHERE ${attempted}
    GROUP BY bucket_at ORDER BY bucket_at`,
  params: z.object({ from: instant, to: instant, bucket: z.int().positive() }),
  row: z.object({ bucket_at: z.string(), postings: z.number(), failed: z.number() }),
});
