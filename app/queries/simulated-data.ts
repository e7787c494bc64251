import { z } from 'zod';
import { defineQuery } from '#platform/clickhouse/query.ts';

/** One row where anything that is kept came from a simulated estate; read from the rollup, up to the first such row. */
export const simulatedData = defineQuery({
  name: 'simulated_data',
  sql: "SELECT 1 AS simulated FROM step_minutes WHERE origin = 'simulated' LIMIT 1",
  params: z.object({}),
  row: z.object({ simulated: z.number() }),
});
