import { z } from 'zod';
import type { Stage } from './stage.ts';

const vitestReport = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numFailedTestSuites: z.int(),
});

const playwrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
});

function vitest(name: string, project: string): Stage {
  return {
    name,
    script: 'node_modules/vitest/vitest.mjs',
    args: ['run', '--project', project, '--reporter=default', '--reporter=json'],
    report: (file) => ({ args: [`--outputFile.json=${file}`] }),
    count: (report) => {
      const found = vitestReport.parse(report);
      // A file that cannot be loaded fails without a test that does.
      const failed = Math.max(found.numFailedTests, found.numFailedTestSuites > 0 ? 1 : 0);
      return { passed: found.numPassedTests, failed, skipped: found.numPendingTests };
    },
  };
}

/** Looks at the source alone; independent of one another. */
export const checks: readonly Stage[] = [
  {
    name: 'lint',
    script: 'node_modules/eslint/bin/eslint.js',
    args: ['.', '--max-warnings=0', '--cache', '--cache-location', 'node_modules/.cache/eslint'],
  },
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['--noEmit'] },
  { name: 'format', script: 'node_modules/prettier/bin/prettier.cjs', args: ['--check', '.'] },
  { name: 'dead code', script: 'node_modules/knip/bin/knip.js', args: [] },
];

export const suites: readonly Stage[] = [
  vitest('unit tests', 'unit'),
  vitest('integration tests', 'integration'),
  {
    name: 'browser tests',
    script: 'node_modules/@playwright/test/cli.js',
    args: ['test', '--reporter=list,json'],
    report: (file) => ({ env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } }),
    count: (report) => {
      const { stats } = playwrightReport.parse(report);
      // A test that passes only when repeated is a failure that has not been understood yet.
      return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
    },
  },
];
