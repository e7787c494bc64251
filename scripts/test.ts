import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartError } from './start/start-error.ts';
import { providePrograms } from './test/provide.ts';
import { type Outcome, runStage } from './test/stage.ts';
import { checks, suites } from './test/stages.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Sets up what the tests need and runs everything: format, lint, types, dead code, unit, integration and browser tests.
 * Every stage runs, whatever became of the one before. Names of stages as arguments choose some of them.
 * @returns the exit code; the last line printed is "N passed, N failed".
 */
export async function test(wanted: readonly string[]): Promise<number> {
  const since = Date.now();
  const chosen = (name: string) => wanted.length === 0 || wanted.some((word) => name.startsWith(word));
  const outcomes: Outcome[] = [];
  try {
    await providePrograms(root);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.log(`■ ${error.message}`);
    outcomes.push({ name: 'set-up', passed: 0, failed: 1, skipped: 0, seconds: 0 });
  }
  outcomes.push(...(await runChecks(checks.filter((stage) => chosen(stage.name)))));
  for (const stage of suites.filter((one) => chosen(one.name))) outcomes.push(await runStage(root, stage, false));

  const total = (of: (outcome: Outcome) => number) => outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  const failed = total((outcome) => outcome.failed);
  console.log(`\nIn ${Math.round((Date.now() - since) / 1000)} s:`);
  for (const { name, seconds, ...counts } of outcomes)
    console.log(`  ${name.padEnd(18)} ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`);
  console.log(`${total((outcome) => outcome.passed)} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Two checks at a time, the longest beside the others. */
async function runChecks(stages: readonly (typeof checks)[number][]): Promise<Outcome[]> {
  const [longest, ...others] = stages;
  if (longest === undefined) return [];
  const beside = async () => {
    const outcomes: Outcome[] = [];
    for (const stage of others) outcomes.push(await runStage(root, stage, true));
    return outcomes;
  };
  const [first, rest] = await Promise.all([runStage(root, longest, true), beside()]);
  return [first, ...rest];
}
