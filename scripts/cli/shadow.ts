import type { Command } from 'commander';
import { shadowRun } from '#contracts/v1/shadow.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { causeId, repairName, wholeNumber } from './arguments.ts';
import { readCases } from './case-stream.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { cliActor, withNats } from './connection.ts';
import { ask } from './engine.ts';
import { printJson } from './output.ts';
import { readText, type RepairOptions, repairOf, withRepair } from './repair-option.ts';
import { readState } from './repair-stream.ts';

interface Common {
  json?: boolean;
}

/** As many as a trial takes. */
const MOST_CASES = 500;

/** Trials of a change before it goes live. */
export function addShadowCommands(program: Command): void {
  const shadow = program.command('shadow').description('try a change on the last real payloads, without effects');
  withRepair(shadow.command('run'), { again: false })
    .description('begin a trial')
    .option('--estate <file>', 'another estate file, which is where connectors are set up')
    .option('--cause <fingerprint>', 'as a rule would: only where an order stops with this cause', causeId)
    .option('--payloads <count>', 'how many of the last payloads', wholeNumber, 200)
    .option('--json', 'print what came back as JSON')
    .action(run);
  shadow
    .command('show')
    .description('what would differ, in groups')
    .argument('<trial>', 'its id', repairName)
    .option('--json', 'print as JSON')
    .action(show);
}

async function run(
  options: RepairOptions & Common & { estate?: string; cause?: string; payloads: number },
  command: Command,
): Promise<void> {
  const { estate, cause, payloads } = options;
  if (estate !== undefined && (options.patch ?? options.mapping ?? cause) !== undefined)
    throw new CliError(
      'Try one change: --estate, --patch or --mapping; with an estate file there is no --cause.',
      exitCodes.usage,
    );
  const change =
    estate === undefined
      ? ({ kind: 'repair', repair: repairOf(options), ...scopeOf(cause) } as const)
      : ({ kind: 'estate', yaml: readText(estate) } as const);
  const cases = cause === undefined ? {} : { cases: await casesOf(command, cause) };
  await ask(command, 'shadow.run', { actor: cliActor(), change, payloads, ...cases }, options.json ?? false);
}

const scopeOf = (fingerprint: string | undefined) =>
  fingerprint === undefined ? {} : { scope: { fingerprint, channels: [], legal_entities: [] } };

/** The latest cases of a cause, whose orders are tried beside those that came last. */
async function casesOf(command: Command, cause: string): Promise<string[]> {
  const cases = (await withNats(command, readCases)).filter(({ fingerprint }) => fingerprint === cause);
  return cases
    .sort((a, b) => b.opened_at.localeCompare(a.opened_at))
    .slice(0, MOST_CASES)
    .map(({ case_id }) => case_id);
}

async function show(id: string, options: Common, command: Command): Promise<void> {
  const trial = await withNats(command, (nats) => readState(nats, subjects.shadowRun(id), shadowRun));
  if (trial === undefined) throw new CliError(`There is no trial ${id}.`);
  if (options.json) return printJson(trial);
  const { status, tried, wanted, same, different, unknown, message } = trial;
  console.log(`Trial ${id}: ${status}, ${tried} of ${wanted} payloads${message ? `. ${message}` : ''}`);
  console.log(`  ${same} the same, ${different} different, ${unknown} cannot be told`);
  for (const one of trial.differences) {
    console.log(`\n${String(one.payloads).padStart(6)}  ${one.step} ${one.path}`);
    console.log(`        before: ${one.before}\n        after:  ${one.after}`);
  }
}
