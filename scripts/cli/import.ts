import { readFile, stat } from 'node:fs/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { type Command, Option } from 'commander';
import { dryRun } from '#ingest/import/dry-run.ts';
import { importFile, type Imported, ImportUnderWay, pathsOf } from '#ingest/import/import-file.ts';
import { type ImportMapping, MappingError, parseMapping } from '#ingest/import/mapping.ts';
import type { RejectedRow } from '#ingest/import/rejected-rows.ts';
import { BrokenFile } from '#ingest/import/rows.ts';
import { createOutsideLog } from '#ingest/outside/outside-log.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { CliError, exitCodes } from './cli-error.ts';
import { withNats } from './connection.ts';
import { printJson, printRows } from './output.ts';
import { createProgressLine } from './progress-line.ts';

interface ImportStepsOptions {
  mapping: string;
  origin?: ImportMapping['origin'];
  dryRun?: boolean;
  json?: boolean;
}

/** History that other systems wrote down, as steps of their transactions. */
export function addImportCommand(program: Command): void {
  const command = program.command('import').description('what other systems recorded, as history of the console');
  command
    .command('steps')
    .description('publish the rows of a file as steps; run again after an interruption it goes on where it was')
    .argument('<file>', 'CSV or NDJSON, a step a row')
    .requiredOption('--mapping <file>', 'YAML that says how a row becomes a step (docs/import.md)')
    .addOption(new Option('--origin <origin>', 'instead of what the mapping says').choices(['backfill', 'live']))
    .option('--dry-run', 'show what would be published, and publish nothing')
    .option('--json', 'print the outcome as JSON')
    .action(importSteps);
}

async function importSteps(path: string, options: ImportStepsOptions, command: Command): Promise<void> {
  const mapping = await readMapping(options);
  await stat(path).catch(() => {
    throw new CliError(`There is no file ${path}.`, exitCodes.usage);
  });
  try {
    if (options.dryRun) await tryOut(path, mapping, options.json ?? false);
    else await land(path, mapping, options.json ?? false, command);
  } catch (error) {
    if (error instanceof BrokenFile) throw new CliError(`${path}: ${error.message} Nothing was published.`);
    if (error instanceof ImportUnderWay) throw new CliError(error.message);
    throw error;
  }
}

async function readMapping({ mapping: path, origin }: ImportStepsOptions): Promise<ImportMapping> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CliError(`--mapping: there is no file ${path}.`, exitCodes.usage);
  });
  try {
    const mapping = parseMapping(text);
    return origin === undefined ? mapping : { ...mapping, origin };
  } catch (error) {
    if (error instanceof MappingError) throw new CliError(`${path}: ${error.message}`, exitCodes.usage);
    throw error;
  }
}

async function tryOut(path: string, mapping: ImportMapping, json: boolean): Promise<void> {
  const rejected = createRejectedList();
  const { size } = await stat(path);
  const progress = createProgressLine();
  const result = await dryRun({
    path,
    mapping,
    now: () => new Date(),
    onRejected: (row) => rejected.add(row),
    onRead: (bytes) => progress.show('reading', bytes, size),
  });
  progress.end();
  if (json) {
    printJson(result);
    return;
  }
  for (const step of result.first) printJson(step);
  printRows(
    result.counts,
    [
      { head: 'FLOW', of: (row) => row.flow },
      { head: 'STEP', of: (row) => row.step },
      { head: 'STATUS', of: (row) => row.status },
      { head: 'STEPS', of: (row) => number(row.steps), right: true },
    ],
    false,
  );
  rejected.print();
  console.log(
    `${number(result.rows)} rows: ${number(result.rows - result.rejected)} would be steps, ${number(result.rejected)} would be rejected.`,
  );
}

async function land(path: string, mapping: ImportMapping, json: boolean, command: Command): Promise<void> {
  const rejected = createRejectedList();
  const progress = createProgressLine();
  const result = await withNats(command, async (nats) =>
    importFile({
      path,
      mapping,
      log: createOutsideLog({ publisher: publisherOf(nats), manager: await jetstreamManager(nats), source: 'import' }),
      now: () => new Date(),
      onRejected: (row) => rejected.add(row),
      onProgress: (phase, done, of) => progress.show(phase, done, of),
    }),
  );
  progress.end();
  if (json) printJson(result);
  else {
    rejected.print();
    console.log(outcome(path, result));
    for (const file of result.left) console.log(`Left: ${file}, ${purposeOf(path, file)}.`);
  }
  if (result.rejected > 0)
    throw new CliError(
      `${number(result.rejected)} rows were not taken; they are in ${pathsOf(path).rejected}, each with the reason.`,
    );
}

function outcome(path: string, { rows, landed, known, before }: Imported): string {
  const figures = `${number(rows)} rows, ${number(landed)} steps published, ${number(known)} known already`;
  return before
    ? `${path} was imported before (${figures}); nothing to do. To look at it all again, remove ${pathsOf(path).progress}.`
    : `${figures}.`;
}

/** Why a file was left beside the one that was imported. */
const purposeOf = (path: string, file: string): string =>
  file === pathsOf(path).rejected
    ? 'the rows that were not taken; remove it once they are corrected'
    : 'by which it is known that the file was imported; keep it beside the file';

const number = (value: number): string => value.toLocaleString('en-US');

const LISTED = 20;

/** The first rows that were not taken; a file may have millions. */
function createRejectedList() {
  const first: RejectedRow[] = [];
  let count = 0;
  return {
    add(row: RejectedRow): void {
      if (count++ < LISTED) first.push(row);
    },
    print(): void {
      for (const { line, field, reason } of first.sort((a, b) => a.line - b.line))
        console.log(`line ${line}${field === '' ? '' : `, ${field}`}: ${reason}`);
      if (count > LISTED) console.log(`… and ${number(count - LISTED)} more`);
    },
  };
}
