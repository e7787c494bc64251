import { createHash } from 'node:crypto';
import { access, rm, stat } from 'node:fs/promises';
import { LockHeld, lockFile } from '#platform/file-lock.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { OutsideLog } from '../outside/outside-log.ts';
import { type BucketWriter, bucketsFor, openBuckets, readBucket, type Waiting } from './buckets.ts';
import { takeOutContradictions } from './contradictions.ts';
import type { ImportMapping } from './mapping.ts';
import { compileMapping } from './map-row.ts';
import { type ImportProgress, isDone, readProgress, writeProgress } from './progress-file.ts';
import { openRejectedRows, type RejectedRow, type RejectedRows } from './rejected-rows.ts';
import { readRows } from './rows.ts';

export interface ImportOptions {
  path: string;
  mapping: ImportMapping;
  log: OutsideLog;
  now: () => Date;
  /** Told of every row that is not taken, */
  onRejected: (row: RejectedRow) => void;
  /** and of how much of a phase is done: bytes read, then steps landed. */
  onProgress: (phase: 'reading' | 'landing', done: number, of: number) => void;
}

export interface Imported extends Pick<ImportProgress, 'rows' | 'rejected' | 'landed' | 'known'> {
  /** Nothing was left to do: this file was imported here before. */
  before: boolean;
  /** Files that it leaves beside the source. */
  left: string[];
}

/** Another process imports the same file. */
export class ImportUnderWay extends Error {
  override name = 'ImportUnderWay';
  constructor(path: string, pid: number) {
    super(`${path} is being imported by process ${pid}. Wait until that is done, or end it and run this again.`);
  }
}

/** Transactions that are appended to at once; each waits for its own acknowledgements only. */
const AT_ONCE = 64;
/** Rows waiting to be written to the file of rejected ones. */
const FLUSH_EVERY = 1_000;

/** Where an import keeps what it needs, beside its file. */
export const pathsOf = (path: string) => ({
  progress: `${path}.progress.json`,
  buckets: `${path}.buckets`,
  rejected: `${path}.rejected.ndjson`,
  lock: `${path}.lock`,
});

/**
 * Imports a file of steps. Killed at any moment it goes on where it was when it is called again: what was read lies in
 * buckets, what was landed is noted after each of them, and a bucket that is landed twice finds its steps in the stream.
 * @throws ImportUnderWay, or where NATS cannot be reached.
 */
export async function importFile(options: ImportOptions): Promise<Imported> {
  const unlock = lockImport(options.path);
  try {
    const { progress, before } = await importLocked(options);
    return { ...progress, before, left: await leftBeside(options.path) };
  } finally {
    unlock();
  }
}

/** Two imports of one file would deal its rows into the same buckets. @throws ImportUnderWay */
function lockImport(path: string): () => void {
  try {
    return lockFile(pathsOf(path).lock);
  } catch (error) {
    if (error instanceof LockHeld) throw new ImportUnderWay(path, error.holder.pid);
    throw error;
  }
}

async function importLocked(options: ImportOptions): Promise<{ progress: ImportProgress; before: boolean }> {
  const paths = pathsOf(options.path);
  const source = await fingerprint(options);
  const noted = await readProgress(paths.progress, source);
  const before = noted !== undefined && isDone(noted);
  let progress = noted;
  if (!before) {
    const rejected = await openRejectedRows(paths.rejected, noted?.rejectedBytes ?? 0);
    try {
      progress = await landBuckets(noted ?? (await dealRows(options, source, rejected)), options, rejected);
    } finally {
      await rejected.close();
    }
  }
  if (progress === undefined) throw new Error('an import ended without figures');
  // Also where it was done before: it may have been killed just then.
  await rm(paths.buckets, { recursive: true, force: true });
  if (progress.rejected === 0) await rm(paths.rejected, { force: true });
  return { progress, before };
}

/** What stays on purpose: that the file was imported, and the rows that are to be corrected. */
async function leftBeside(path: string): Promise<string[]> {
  const { progress, rejected } = pathsOf(path);
  const there = await Promise.all(
    [progress, rejected].map((one) =>
      access(one).then(
        () => [one],
        () => [],
      ),
    ),
  );
  return there.flat();
}

/** What is imported, as what and where to. */
async function fingerprint({ path, mapping, log }: ImportOptions): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  return createHash('sha256')
    .update(JSON.stringify([size, mtimeMs, mapping, await log.stream()]))
    .digest('hex');
}

/** Reads the whole file and deals its steps into buckets. */
async function dealRows(options: ImportOptions, source: string, rejected: RejectedRows): Promise<ImportProgress> {
  const { path } = options;
  const paths = pathsOf(path);
  await rm(paths.progress, { force: true });
  const { size } = await stat(path);
  const count = bucketsFor(size);
  const buckets = await openBuckets(paths.buckets, count);
  let figures: Dealt;
  try {
    figures = await dealInto(buckets, options, rejected, size);
  } catch (error) {
    // Begun anew next time: what lies there until then is of no use.
    await rm(paths.buckets, { recursive: true, force: true });
    await rm(paths.rejected, { force: true });
    throw error;
  } finally {
    await buckets.close();
  }
  const progress: ImportProgress = {
    version: 1,
    source,
    buckets: count,
    bucketsDone: 0,
    ...figures,
    rejectedBytes: await rejected.flush(),
    landed: 0,
    known: 0,
  };
  await writeProgress(paths.progress, progress);
  return progress;
}

type Dealt = Pick<ImportProgress, 'rows' | 'rejected' | 'steps'>;

async function dealInto(
  buckets: BucketWriter,
  options: ImportOptions,
  rejected: RejectedRows,
  size: number,
): Promise<Dealt> {
  const { path, mapping, onProgress } = options;
  const map = compileMapping(mapping);
  const figures: Dealt = { rows: 0, rejected: 0, steps: 0 };
  for await (const row of readRows({ path, mapping, onRead: (bytes) => onProgress('reading', bytes, size) })) {
    const { line, raw, content } = row;
    figures.rows++;
    const mapped = 'problem' in content ? { field: '', reason: content.problem } : map(content.values, options.now());
    if ('step' in mapped) {
      figures.steps++;
      await buckets.add({ line, ...mapped });
      continue;
    }
    const refused = { line, ...mapped, raw };
    rejected.add(refused);
    options.onRejected(refused);
    if (++figures.rejected % FLUSH_EVERY === 0) await rejected.flush();
  }
  return figures;
}

async function landBuckets(
  from: ImportProgress,
  options: ImportOptions,
  rejected: RejectedRows,
): Promise<ImportProgress> {
  const paths = pathsOf(options.path);
  let progress = from;
  while (!isDone(progress)) {
    const next = { ...progress };
    await inParallel(await readBucket(paths.buckets, progress.bucketsDone), AT_ONCE, async (rows) => {
      await landTransaction(rows, next, options, rejected);
      options.onProgress('landing', next.landed + next.known + next.rejected - from.rejected, next.steps);
    });
    next.bucketsDone++;
    next.rejectedBytes = await rejected.flush();
    await writeProgress(paths.progress, next);
    progress = next;
  }
  return progress;
}

async function landTransaction(
  rows: readonly Waiting[],
  figures: Pick<ImportProgress, 'landed' | 'known' | 'rejected'>,
  { log, onRejected }: ImportOptions,
  rejected: RejectedRows,
): Promise<void> {
  const refuse = (row: RejectedRow) => {
    rejected.add(row);
    onRejected(row);
    figures.rejected++;
  };
  const { rows: agreeing, refused: contradicting } = takeOutContradictions(rows);
  contradicting.forEach(refuse);
  const [first, ...others] = agreeing.map(({ step }) => step);
  if (first === undefined) return;
  const { landed, known, refused } = await log.append([first, ...others]);
  figures.landed += landed;
  figures.known += known;
  if (refused === undefined) return;
  for (const { line } of agreeing.slice(landed + known)) refuse({ line, field: 'key', reason: refused });
}
