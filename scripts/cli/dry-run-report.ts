import type { DryRunResult } from '#contracts/v1/dry-run.ts';

/** A dry run for people: steps with what would become of them, calls that would be made, problems that remain. */
export function printDryRun(result: DryRunResult): void {
  for (const { step, outcome, note } of result.steps)
    console.log(`${outcome.replaceAll('_', ' ').padEnd(12)} ${step}${note ? `  ${note}` : ''}`);
  for (const call of result.calls) {
    console.log(`\n${call.step}: ${call.method} ${call.system} ${call.path}`);
    console.log(call.body);
  }
  for (const problem of result.problems) console.log(`\n■ ${problem.message}${problem.path && ` (${problem.path})`}`);
  console.log(result.ok ? '\nThe replay would pass.' : '\nThe replay would stop again.');
}
