import { stat } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { offsetDateTime } from '#contracts/v1/primitives.ts';
import { BrokenFile } from '#ingest/import/rows.ts';
import { reason } from './arguments.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { cliActor, withNats } from './connection.ts';
import { openInBatches, type Opening, readOpening } from './opening-file.ts';
import { printJson } from './output.ts';

interface OpenOptions {
  countedAt: string;
  reason: string;
  over?: boolean;
  dryRun?: boolean;
  json?: boolean;
  delimiter: string;
}

/** What lay on the shelves before Syncline kept the stock. */
export function addStockCommands(program: Command): void {
  const stock = program.command('stock').description('opening stock');
  stock
    .command('open')
    .description('load what lay on the shelves, once; all of a file or nothing of it')
    .argument('<file>', 'CSV with the columns sku, location, on_hand')
    .requiredOption('--counted-at <time>', 'when it was counted, such as 2026-11-30T04:00:00Z', time)
    .requiredOption('--reason <text>', 'recorded', reason)
    .option('--over', 'also where stock has moved already: the count overwrites what is known')
    .option('--dry-run', 'say what would come of it, and change nothing')
    .option('--delimiter <sign>', 'what stands between columns', ',')
    .option('--json', 'print the outcome as JSON')
    .action(open);
}

function time(text: string): string {
  if (!offsetDateTime.safeParse(text).success)
    throw new InvalidArgumentError('Give a date and time with its offset, such as 2026-11-30T04:00:00Z.');
  return new Date(text).toISOString();
}

async function open(path: string, options: OpenOptions, command: Command): Promise<void> {
  await stat(path).catch(() => {
    throw new CliError(`There is no file ${path}.`, exitCodes.usage);
  });
  const { rows, refused } = await read(path, options.delimiter);
  if (refused.length > 0) tell({ opened: 0, known: 0, refused }, options.json ?? false);
  const { countedAt: counted_at, over = false } = options;
  const asked = { actor: cliActor(), counted_at, over, reason: options.reason };
  await withNats(command, async (nats) => {
    // Nothing of a file is loaded of which a row would be refused.
    const tried = await openInBatches(nats, rows, { ...asked, dry_run: true });
    if (tried.refused.length > 0) tell({ opened: 0, known: 0, refused: tried.refused }, options.json ?? false);
    if (options.dryRun === true) finish(tried, options);
    else finish(await openInBatches(nats, rows, { ...asked, dry_run: false }), options);
  });
}

async function read(path: string, delimiter: string) {
  try {
    return await readOpening(path, delimiter);
  } catch (error) {
    if (error instanceof BrokenFile) throw new CliError(`${path}: ${error.message} Nothing was loaded.`);
    throw error;
  }
}

function finish(opening: Opening, { json, dryRun }: OpenOptions): void {
  const { opened, known, refused } = opening;
  if (refused.length > 0) tell(opening, json ?? false);
  if (json === true) printJson({ opened, known, refused });
  else console.log(`${opened} items ${dryRun === true ? 'would be opened' : 'are opened'}, ${known} were already.`);
}

const LISTED = 20;

/** Names the rows that were not loaded: all of them together with the rest, unless stock moved while it was loaded. */
function tell({ opened, known, refused }: Opening, json: boolean): never {
  if (json) printJson({ opened, known, refused });
  else {
    for (const { line, reason } of refused.slice(0, LISTED)) console.log(`line ${line}: ${reason}`);
    if (refused.length > LISTED) console.log(`… and ${refused.length - LISTED} more`);
  }
  throw new CliError(
    opened === 0
      ? `${refused.length} rows cannot be loaded; nothing was. Correct them and load the file again.`
      : `${opened} items are opened; ${refused.length} rows are not, since their stock moved meanwhile.`,
  );
}
