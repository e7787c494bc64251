import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first.ts';

// The embedded ClickHouse runs its queries on libuv's pool, whose size is read when a process starts: workers inherit it.
process.env['UV_THREADPOOL_SIZE'] ??= '16';

/** Unit tests stand beside the code and touch nothing outside; integration tests start real servers. */
export default defineConfig({
  test: {
    pool: 'forks',
    // Each integration file runs NATS and an embedded ClickHouse of its own: two at a time is what two cores bear.
    maxWorkers: 2,
    teardownTimeout: 30_000,
    sequence: { sequencer: LongestFirst },
    // How many documents the reader of X12 is tried with. A thorough run: EDI_FUZZ_RUNS=100000.
    provide: { ediFuzzRuns: Number(process.env['EDI_FUZZ_RUNS'] ?? 5_000) },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{app,bench,contracts,ingest,platform,scripts,simulator,sync-engine}/**/*.test.{ts,tsx}'],
          environment: 'node',
          // A thorough run of what is tried with anything (FUZZ_RUNS=100000) takes as much longer.
          testTimeout: Math.max(10_000, Number(process.env['FUZZ_RUNS'] ?? 0) * 30),
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: 'tests/support/programs.ts',
          // What a file opens it closes, so the next one may have its modules: reading them takes as long as many a file.
          isolate: false,
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
