import { type Command, Option } from 'commander';
import { caseStatus, type CaseEvent, type CaseState, type CaseStatus } from '#contracts/v1/case.ts';
import { isClosed } from '#contracts/v1/case-machine.ts';
import { caseId, orderKey } from './arguments.ts';
import { readCases, readTimeline } from './case-stream.ts';
import { listCauses } from './causes.ts';
import { addCaseFileCommand } from './case-file.ts';
import { readPayload } from './case-payload.ts';
import { withNats } from './connection.ts';
import { printJson, printRows } from './output.ts';

/** Looking at what could not proceed. */
export function addCaseCommands(program: Command): Command {
  const cases = program.command('cases').description('what could not proceed: look, fix, replay');
  cases
    .command('list')
    .description('open cases, the most urgent first')
    .addOption(new Option('--status <status...>', 'of these states only').choices(caseStatus.options))
    .option('--all', 'closed ones too')
    .option('--key <key>', 'of one transaction', orderKey)
    .option('--json', 'print as JSON')
    .action(list);
  cases
    .command('show')
    .description('one case: what is wrong, where, and what was done')
    .argument('<case>', 'its id', caseId)
    .option('--json', 'print the case and its events as JSON')
    .action(show);
  cases
    .command('payload')
    .description('the payload a replay would use, to edit and hand to "cases fix"')
    .argument('<case>', 'its id', caseId)
    .action(async (id: string, _options: unknown, command: Command) => {
      process.stdout.write(await withNats(command, (nats) => readPayload(nats, id)));
    });
  addCaseFileCommand(cases);
  cases
    .command('causes')
    .description('open cases by what stopped them')
    .option('--json', 'print as JSON')
    .action(listCauses);
  return cases;
}

async function list(
  options: { status?: CaseStatus[]; all?: boolean; key?: string; json?: boolean },
  command: Command,
): Promise<void> {
  const found = (await withNats(command, readCases)).filter(
    (state) =>
      (options.status?.includes(state.status) ?? (options.all === true || !isClosed(state))) &&
      (options.key === undefined || state.key === options.key),
  );
  printRows(
    found,
    [
      { head: 'CASE', of: (row) => row.case_id },
      { head: 'STATE', of: (row) => row.status },
      { head: 'ORDER', of: (row) => row.business_key },
      { head: 'STEP', of: (row) => row.step },
      { head: 'AMOUNT', of: (row) => `${row.amount} ${row.currency}`, right: true },
      { head: 'DEADLINE', of: (row) => row.deadline },
      { head: 'PROBLEM', of: problemOf },
    ],
    options.json ?? false,
  );
}

function problemOf(state: CaseState): string {
  const [first, ...others] = state.problems;
  return `${first?.message ?? ''}${others.length > 0 ? ` (and ${others.length} more)` : ''}`;
}

async function show(id: string, options: { json?: boolean }, command: Command): Promise<void> {
  const events = await withNats(command, (nats) => readTimeline(nats, id));
  const state = events.at(-1)?.state;
  if (state === undefined) return;
  if (options.json) printJson({ ...state, events: events.map(({ state: _state, ...event }) => event) });
  else describe(state, events);
}

function describe(state: CaseState, events: readonly CaseEvent[]): void {
  console.log(`Case ${state.case_id}: ${state.status}, revision ${state.revision}`);
  console.log(
    `  ${state.flow} ${state.business_key} (${state.key}), stopped at ${state.step} of ${state.system || 'Syncline'}`,
  );
  console.log(`  ${state.amount} ${state.currency}, channel ${state.channel}, deadline ${state.deadline || 'none'}`);
  console.log(`  payload version ${state.payload_version}, assigned to ${state.assignee || 'nobody'}`);
  for (const problem of state.problems) {
    console.log(`  ■ ${problem.message}`);
    console.log(
      `    ${problem.error_class} ${problem.error_code}${problem.path && ` at ${problem.path}`} of the ${problem.document} document`,
    );
    if (problem.missing_mapping) {
      const { kind, system, code } = problem.missing_mapping;
      console.log(`    syncline mappings put ${kind} ${system} "${code}" <target> --reason … --case ${state.case_id}`);
    }
  }
  for (const event of events) console.log(`  ${event.at}  ${event.type.padEnd(16)} ${event.actor}  ${event.note}`);
  if (state.outcome) console.log(`  Outcome: ${state.outcome}`);
}
