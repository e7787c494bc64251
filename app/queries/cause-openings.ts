import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { latestCases, mergedOnce } from './case-filter.ts';

const instantOf = (text: string) => `parseDateTime64BestEffort(${text}, 3, 'UTC')`;
const since = `arrayMap(text -> ${instantOf('text')}, {since:Array(String)})`;

/** Cases of each cause opened after its instant, and the most of them within any one hour (in milliseconds, half-open). */
export const causeOpenings = defineQuery({
  name: 'cause_openings',
  sql: `
    SELECT fingerprint, count() AS opened, max(within_hour) AS busiest_hour
    FROM (
      SELECT fingerprint,
        count() OVER (PARTITION BY fingerprint ORDER BY toUnixTimestamp64Milli(opened_at) RANGE BETWEEN 3599999 PRECEDING AND CURRENT ROW) AS within_hour
      FROM ${latestCases}
      WHERE fingerprint IN ({fingerprints:Array(String)}) AND opened_at > arrayMin(${since})
        AND opened_at > ${since}[indexOf({fingerprints:Array(String)}, fingerprint)])
    GROUP BY fingerprint
    ${mergedOnce}`,
  /** Parallel lists. */
  params: z.object({ fingerprints: z.array(z.string()), since: z.array(instant) }),
  row: z.object({ fingerprint: z.string(), opened: z.number(), busiest_hour: z.number() }),
});
