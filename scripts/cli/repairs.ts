import { type Command, Option } from 'commander';
import { repairItem, repairOutcome, repairRun, type RepairOutcome, type RepairRun } from '#contracts/v1/repair.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { caseId, causeId, rate, reason, repairName } from './arguments.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { cliActor, withNats } from './connection.ts';
import { ask } from './engine.ts';
import { printJson, printRows } from './output.ts';
import { type RepairOptions, repairOf, withRepair } from './repair-option.ts';
import { readState, readStates } from './repair-stream.ts';

interface Common {
  json?: boolean;
}

/** One repair for many cases: tried without effects, then replayed in waves. */
export function addRepairCommands(program: Command): void {
  const repairs = program.command('repairs').description('one repair for many cases: try it, then replay in waves');
  withRepair(repairs.command('try'), { again: true })
    .description('freeze the cases and try a repair on each; nothing is sent')
    .option('--cause <fingerprint>', 'every open case of this cause', causeId)
    .option('--case <case...>', 'these cases', (text: string, all: string[] = []) => [...all, caseId(text)])
    .requiredOption('--reason <text>', 'kept with the repair', reason)
    .option('--json', 'print what came back as JSON')
    .action(tryRepair);
  repairs.command('list').description('every repair, the newest first').option('--json', 'print as JSON').action(list);
  const verb = (name: string, description: string) =>
    repairs
      .command(name)
      .description(description)
      .argument('<run>', 'its id', repairName)
      .option('--json', 'print as JSON');
  verb('show', 'how far it is').action(show);
  verb('start', 'replay what the trial would cure')
    .option('--rate <per-second>', 'replays a second at most', rate, 10)
    .action((run_id: string, options: Common & { rate: number }, command: Command) =>
      ask(command, 'repair.start', { actor: cliActor(), run_id, rate_per_s: options.rate }, options.json ?? false),
    );
  verb('pause', 'begin no more replays for now')
    .option('--reason <text>', 'kept with the repair', reason, '')
    .action((run_id: string, options: Common & { reason: string }, command: Command) =>
      ask(command, 'repair.pause', { actor: cliActor(), run_id, reason: options.reason }, options.json ?? false),
    );
  verb('resume', 'go on').action((run_id: string, options: Common, command: Command) =>
    ask(command, 'repair.resume', { actor: cliActor(), run_id }, options.json ?? false),
  );
  verb('abort', 'leave the rest out for good')
    .requiredOption('--reason <text>', 'kept with the repair', reason)
    .action((run_id: string, options: Common & { reason: string }, command: Command) =>
      ask(command, 'repair.abort', { actor: cliActor(), run_id, reason: options.reason }, options.json ?? false),
    );
  verb('report', 'what became of each case')
    .addOption(new Option('--outcome <outcome...>', 'these only').choices(repairOutcome.options))
    .action(report);
}

async function tryRepair(
  options: RepairOptions & Common & { cause?: string; case?: string[]; reason: string },
  command: Command,
): Promise<void> {
  if ((options.cause === undefined) === (options.case === undefined))
    throw new CliError('Name either a --cause or cases with --case.', exitCodes.usage);
  const of = options.cause === undefined ? { cases: options.case } : { fingerprint: options.cause };
  const request = { actor: cliActor(), ...of, repair: repairOf(options), reason: options.reason };
  await ask(command, 'repair.try', request, options.json ?? false);
}

async function list(options: Common, command: Command): Promise<void> {
  const runs = await withNats(command, (nats) => readStates(nats, subjects.allRepairRuns, repairRun));
  printRows(
    runs.sort((a, b) => b.created_at.localeCompare(a.created_at)),
    [
      { head: 'RUN', of: (row) => row.run_id },
      { head: 'STATE', of: (row) => row.status },
      { head: 'CASES', of: (row) => String(row.items), right: true },
      { head: 'CAUSE', of: (row) => row.fingerprint || '(by hand)' },
      { head: 'BEGUN', of: (row) => row.created_at },
      { head: 'BY', of: (row) => row.created_by },
      { head: 'REASON', of: (row) => row.reason },
    ],
    options.json ?? false,
  );
}

async function runOf(command: Command, id: string): Promise<RepairRun> {
  const run = await withNats(command, (nats) => readState(nats, subjects.repairRun(id), repairRun));
  if (run === undefined) throw new CliError(`There is no repair ${id}. "syncline repairs list" shows what there is.`);
  return run;
}

async function show(id: string, options: Common, command: Command): Promise<void> {
  const run = await runOf(command, id);
  if (options.json) return printJson(run);
  console.log(`Repair ${run.run_id}: ${run.status}, ${run.items} cases${run.message ? `. ${run.message}` : ''}`);
  console.log(`  ${run.reason} (${run.created_by}, ${run.created_at})`);
  for (const outcome of repairOutcome.options) {
    const count = run.counts[outcome] ?? 0;
    if (count > 0) console.log(`  ${String(count).padStart(6)}  ${outcome.replaceAll('_', ' ')}`);
  }
}

async function report(id: string, options: Common & { outcome?: RepairOutcome[] }, command: Command): Promise<void> {
  await runOf(command, id);
  const items = await withNats(command, (nats) => readStates(nats, subjects.repairItems(id), repairItem));
  printRows(
    items.filter((item) => options.outcome?.includes(item.outcome) ?? true).sort((a, b) => a.position - b.position),
    [
      { head: 'CASE', of: (row) => row.case_id },
      { head: 'ORDER', of: (row) => row.business_key },
      { head: 'OUTCOME', of: (row) => row.outcome },
      { head: 'AMOUNT', of: (row) => `${row.amount} ${row.currency}`, right: true },
      { head: 'WHY', of: (row) => row.message },
    ],
    options.json ?? false,
  );
}
