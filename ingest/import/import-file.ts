import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { inParallel } from '#platform/in-parallel.ts';
import type { OutsideLog } from '../outside/outside-log.ts';
import { bucketsFor, openBuckets, readBucket, type Waiting } from './buckets.ts';
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
});

/**
 * Imports a file of steps. Killed at any moment it goes on where it was when it is called again: what was read lies in
 * buckets, what was landed is noted after each of them, and a bucket that is landed twice finds its steps in the stream.
 * @throws where NATS cannot be reached.
 */
export async function importFile(options: ImportOptions): Promise<Imported> {
  const paths = pathsOf(options.path);
  const source = await fingerprint(options);
  const noted = await readProgress(paths.progress, source);
  if (noted !== undefined && isDone(noted)) return { ...noted, before: true };
  const rejected = await openRejectedRows(paths.rejected, noted?.rejectedBytes ?? 0);
  let progress: ImportProgress;
  try {
    progress = await landBuckets(noted ?? (await dealRows(options, source, rejected)), options, rejected);
  } finally {
    await rejected.close();
  }
  await rm(paths.buckets, { recursive: true, force: true });
  if (progress.rejected === 0) await rm(paths.rejected, { force: true });
  return { ...progress, before: false };
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
  const { path, mapping, onProgress } = options;
  const paths = pathsOf(path);
  await rm(paths.progress, { force: true });
  const { size } = await stat(path);
  const count = bucketsFor(size);
  const buckets = await openBuckets(paths.buckets, count);
  const map = compileMapping(mapping);
  const figures = { rows: 0, rejected: 0, steps: 0 };
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
  await buckets.close();
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
  const [first, ...others] = rows.map(({ step }) => step);
  if (first === undefined) return;
  const { landed, known, refused } = await log.append([first, ...others]);
  figures.landed += landed;
  figures.known += known;
  if (refused === undefined) return;
  for (const { line } of rows.slice(landed + known)) {
    const row = { line, field: 'key', reason: refused };
    rejected.add(row);
    onRejected(row);
    figures.rejected++;
  }
}
