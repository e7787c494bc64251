import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';

const instantOf = (text: string) => `parseDateTime64BestEffort(${text}, 3, 'UTC')`;
const since = instantOf('{since:Array(String)}[indexOf({fingerprints:Array(String)}, fingerprint)]');

/** Cases of each cause opened after its instant, and the most of them within any one hour (in milliseconds, half-open). */
export const causeOpenings = defineQuery({
  name: 'cause_openings',
  sql: `
    SELECT fingerprint, count() AS opened, max(within_hour) AS busiest_hour
    FROM (
      SELECT fingerprint,
        count() OVER (PARTITION BY fingerprint ORDER BY toUnixTimestamp64Milli(opened_at) RANGE BETWEEN 3599999 PRECEDING AND CURRENT ROW) AS within_hour
      FROM (
        SELECT fingerprint, opened_at FROM cases
        WHERE opened_at > ${instantOf('arrayMin({since:Array(String)})')} AND fingerprint IN ({fingerprints:Array(String)}))
      WHERE opened_at > ${since})
    GROUP BY fingerprint`,
  /** Parallel lists. */
  params: z.object({ fingerprints: z.array(z.string()), since: z.array(instant) }),
  row: z.object({ fingerprint: z.string(), opened: z.number(), busiest_hour: z.number() }),
});
