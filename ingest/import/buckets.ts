import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hash32 } from '#contracts/v1/key.ts';
import { timeOf } from '../outside/outside-step.ts';
import type { MappedRow } from './map-row.ts';

/** A mapped row and the line it came from. */
export interface Waiting extends MappedRow {
  line: number;
}

/** So much of the source goes into one bucket, which is sorted in memory; 512 files may be open at once. */
const BUCKET_BYTES = 8 * 1024 * 1024;
const MOST_BUCKETS = 512;
const WRITE_AT = 64 * 1024;

export const bucketsFor = (sourceBytes: number): number =>
  Math.min(MOST_BUCKETS, Math.max(1, Math.ceil(sourceBytes / BUCKET_BYTES)));

const fileOf = (folder: string, bucket: number) => join(folder, `${bucket}.ndjson`);

/** Takes steps in the order of a file and keeps them by transaction. */
export interface BucketWriter {
  add(row: Waiting): Promise<void>;
  /** Everything is in its file then. */
  close(): Promise<void>;
}

/**
 * Rows of one transaction may lie anywhere in a file that is larger than memory, and its steps are to land by their time:
 * so all rows are first dealt into files, a transaction's always into the same one, each small enough to be sorted.
 */
export async function openBuckets(folder: string, count: number): Promise<BucketWriter> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files: FileHandle[] = [];
  for (let bucket = 0; bucket < count; bucket++) files.push(await open(fileOf(folder, bucket), 'w', 0o600));
  const texts = files.map(() => '');
  const flush = async (bucket: number) => {
    const text = texts[bucket] ?? '';
    texts[bucket] = '';
    await files[bucket]?.write(text);
  };
  return {
    async add(row) {
      const bucket = hash32(`${row.step.flow} ${row.step.key}`) % count;
      const text = `${texts[bucket] ?? ''}${JSON.stringify(row)}\n`;
      texts[bucket] = text;
      if (text.length >= WRITE_AT) await flush(bucket);
    },
    async close() {
      for (const [bucket, file] of files.entries()) {
        await flush(bucket);
        await file.close();
      }
    },
  };
}

/** The transactions of one bucket, the steps of each in the order in which they are to land. */
export async function readBucket(folder: string, bucket: number): Promise<Waiting[][]> {
  const transactions = new Map<string, Waiting[]>();
  for (const line of (await readFile(fileOf(folder, bucket), 'utf8')).split('\n')) {
    if (line === '') continue;
    const row = JSON.parse(line) as Waiting;
    const name = `${row.step.flow} ${row.step.key}`;
    const rows = transactions.get(name);
    if (rows === undefined) transactions.set(name, [row]);
    else rows.push(row);
  }
  return [...transactions.values()].map((rows) => rows.sort(inOrder));
}

/** By the numbers that the source gives, else by time; rows of one moment stay in the order of the file. */
function inOrder(a: Waiting, b: Waiting): number {
  if (a.ordinal !== undefined && b.ordinal !== undefined && a.ordinal !== b.ordinal) return a.ordinal - b.ordinal;
  const [before, after] = [timeOf(a.step), timeOf(b.step)];
  return before === after ? a.line - b.line : before < after ? -1 : 1;
}
