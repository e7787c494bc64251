import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { CommandError } from '#contracts/v1/commands.ts';
import { datedRate, MOST_RATES, storedRate, type StoredRate } from '#contracts/v1/rate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { type KvEntry, openBucket, readEntry, Unreadable } from '#platform/nats/kv.ts';
import { entriesOf } from '#platform/nats/list.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { words } from './arguments.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { cliActor, withNats } from './connection.ts';
import { accepted, ask } from './engine.ts';
import { printJson, printRows } from './output.ts';
import { RateFileError, readRateFile } from './rate-file.ts';

/** Setting one rate is answered at once; a file of them takes the engine a while. */
const IMPORT_TIMEOUT_MS = 120_000;
/** Wrong rows that are named one by one. */
const MOST_NAMED = 20;

interface Common {
  reason?: string;
  json?: boolean;
}

/** The rates that sums over currencies are worked out by. */
export function addRateCommands(program: Command): void {
  const rates = program.command('rates').description('rates to the reporting currency, by day');
  rates.command('list').description('every rate that was set').option('--json', 'print as JSON').action(list);
  rates
    .command('set')
    .description('set the rate of a currency from a day on, or correct it')
    .argument('<day>', 'UTC, such as 2026-03-01')
    .argument('<currency>', 'such as EUR')
    .argument('<rate>', 'what one of it is in the reporting currency')
    .option('--reason <text>', 'kept with the rate; a correction needs one', words(1000))
    .option('--json', 'print what came back as JSON')
    .action(set);
  rates
    .command('import')
    .description('set the rates of a CSV file: all of them, or none where a row is wrong')
    .argument('<file>', 'CSV with the columns day, currency and rate')
    .option('--reason <text>', 'corrects what is there and differs, and is kept with the rates', words(1000))
    .option('--json', 'print what came back as JSON')
    .action(importRates);
}

async function set(day: string, currency: string, rate: string, options: Common, command: Command): Promise<void> {
  const entry = datedRate.safeParse({ day, currency, rate });
  if (!entry.success)
    throw new CliError(
      entry.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
      exitCodes.usage,
    );
  const request = { actor: cliActor(), entries: [entry.data], reason: options.reason ?? '' };
  await ask(command, 'rates.set', request, options.json ?? false);
}

async function importRates(path: string, options: Common, command: Command): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CliError(`There is no file ${path}.`, exitCodes.usage);
  });
  const rows = rowsOf(path, text);
  if (rows.length > MOST_RATES)
    throw new CliError(
      `${path} has ${rows.length} rates; a file may have at most ${MOST_RATES}: split it, by year for instance.`,
    );
  const reply = await withNats(command, (nats) =>
    requestCommand(
      nats,
      'rates.set',
      {
        actor: cliActor(),
        // Without a reason nothing that is there is corrected.
        entries: rows.map(({ rate }) => (options.reason === undefined ? { ...rate, version: 0 } : rate)),
        reason: options.reason ?? `Imported from ${basename(path)}.`.slice(0, 1000),
      },
      IMPORT_TIMEOUT_MS,
    ),
  );
  if (!reply.ok && reply.error.fields.length > 0) throw refusedBy(reply.error);
  const { message } = accepted(reply);
  if (options.json) printJson(reply);
  else console.log(message);

  function refusedBy({ code, message: why, fields }: CommandError): CliError {
    const wrong = fields.map(({ path: at, message: problem }) => ({ line: lineOf(at), message: problem }));
    const hint =
      code === 'conflict' && options.reason === undefined ? ['Rates that are there are corrected with --reason.'] : [];
    return refused(path, why, wrong, hint, code === 'unavailable' ? exitCodes.unreachable : exitCodes.refused);
  }

  /** `/entries/3/day` is of the fourth row. */
  function lineOf(pointer: string): number {
    return rows[Number(pointer.split('/')[2])]?.line ?? 1;
  }
}

function rowsOf(path: string, text: string) {
  try {
    return readRateFile(text);
  } catch (error) {
    if (error instanceof RateFileError) throw refused(path, 'no rate is set.', error.problems);
    throw error;
  }
}

function refused(
  path: string,
  what: string,
  problems: readonly { line: number; message: string }[],
  hint: readonly string[] = [],
  exitCode?: number,
): CliError {
  const lines = problems.slice(0, MOST_NAMED).map(({ line, message }) => `  line ${line}: ${message}`);
  const more = problems.length > MOST_NAMED ? [`  and ${problems.length - MOST_NAMED} more`] : [];
  return new CliError([`${path}: ${what}`, ...lines, ...more, ...hint].join('\n'), exitCode);
}

/** What cannot be read is told of beside what can. */
function add(all: StoredRate[], entry: KvEntry): void {
  try {
    all.push(readEntry(entry, storedRate));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    console.error(`${error.message} It counts as absent.`);
  }
}

async function list({ json = false }: Common, command: Command): Promise<void> {
  const found = await withNats(command, async (nats) => {
    const all: StoredRate[] = [];
    for await (const entry of entriesOf(await openBucket(nats, buckets.rates))) add(all, entry);
    return all;
  });
  const order = ({ day, currency }: StoredRate) => `${day} ${currency}`;
  printRows(
    found.sort((a, b) => order(b).localeCompare(order(a))),
    [
      { head: 'DAY', of: (row) => row.day },
      { head: 'CURRENCY', of: (row) => row.currency },
      { head: 'RATE', of: (row) => row.rate, right: true },
      { head: 'TO', of: (row) => row.reporting_currency },
      { head: 'VERSION', of: (row) => String(row.version), right: true },
      { head: 'SET', of: (row) => row.set_at },
      { head: 'BY', of: (row) => row.set_by },
      { head: 'REASON', of: (row) => row.reason },
    ],
    json,
  );
}
