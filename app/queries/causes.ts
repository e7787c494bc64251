import { z } from 'zod';
import { errorClass } from '#contracts/v1/step-event.ts';
import { defineQuery } from '#platform/clickhouse/query.ts';
import { instantParam } from './columns.ts';

const described = z.object({
  fingerprint: z.string(),
  step: z.string(),
  system: z.string(),
  error_class: errorClass,
  error_code: z.string(),
  error_path: z.string(),
  error_message: z.string(),
  missing_kind: z.string(),
  missing_system: z.string(),
  missing_code: z.string(),
});
export type DescribedCause = z.infer<typeof described>;

const these = z.object({ fingerprints: z.array(z.string()) });
const ofThese = 'fingerprint IN ({fingerprints:Array(String)})';

/** What these causes are, from the latest case each ever had. */
export const describedCauses = defineQuery({
  name: 'described_causes',
  sql: `SELECT fingerprint, argMaxMerge(latest) AS told FROM cause_states WHERE ${ofThese} GROUP BY fingerprint`,
  params: these,
  row: z
    .object({ fingerprint: z.string(), told: described.omit({ fingerprint: true }) })
    .transform(({ fingerprint, told }): DescribedCause => ({ fingerprint, ...told })),
});

const missing = (name: string) =>
  `JSONExtractString(argMax(problems, opened_at), 1, 'missing_mapping', '${name}') AS missing_${name}`;
const fromCases = `
    SELECT fingerprint, argMax(step, opened_at) AS step, argMax(system, opened_at) AS system,
      argMax(error_class, opened_at) AS error_class, argMax(error_code, opened_at) AS error_code,
      argMax(error_path, opened_at) AS error_path, argMax(error_message, opened_at) AS error_message,
      ${missing('kind')}, ${missing('system')}, ${missing('code')}, count() AS cases
    FROM cases`;

/** The same from the cases themselves, which is slow: for a cause whose first case landed this moment. */
export const describedByCases = defineQuery({
  name: 'described_by_cases',
  sql: `${fromCases} WHERE ${ofThese} GROUP BY fingerprint`,
  params: these,
  row: described,
});

/** The causes that stopped most orders since an instant: those a rule would be for. */
export const recentCauses = defineQuery({
  name: 'recent_causes',
  sql: `${fromCases} WHERE flow = 'order_to_cash' AND opened_at >= ${instantParam('since')}
    GROUP BY fingerprint ORDER BY cases DESC, fingerprint LIMIT 100`,
  params: z.object({ since: z.string() }),
  row: described.extend({ cases: z.number() }),
});

/** Cases of one cause opened since an instant, the latest first. */
export const casesOfCause = defineQuery({
  name: 'cases_of_cause',
  sql: `
    SELECT case_id FROM cases WHERE fingerprint = {fingerprint:String} AND opened_at >= ${instantParam('since')}
    ORDER BY opened_at DESC, case_id LIMIT {limit:UInt32}`,
  params: z.object({ fingerprint: z.string(), since: z.string(), limit: z.int().positive() }),
  row: z.object({ case_id: z.string() }),
});
