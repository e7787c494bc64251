import { rename, readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** How far an import has come, in a small file beside what is imported. */
const importProgress = z.object({
  version: z.literal(1),
  /** What the figures are of: another file, mapping or environment begins anew. */
  source: z.string(),
  buckets: z.int().positive(),
  /** Buckets whose steps are all durable; they are landed in order. */
  bucketsDone: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  /** Rows that became no step. */
  rejected: z.int().nonnegative(),
  /** Length of the file of rejected rows that belongs to these figures. */
  rejectedBytes: z.int().nonnegative(),
  /** Steps to be landed. */
  steps: z.int().nonnegative(),
  landed: z.int().nonnegative(),
  known: z.int().nonnegative(),
});
export type ImportProgress = z.infer<typeof importProgress>;

export const isDone = ({ buckets, bucketsDone }: ImportProgress): boolean => bucketsDone === buckets;

/** What was noted of this source, or undefined where nothing was. */
export async function readProgress(path: string, source: string): Promise<ImportProgress | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const progress = importProgress.parse(JSON.parse(text));
    return progress.source === source ? progress : undefined;
  } catch {
    // Nothing that cannot be read is gone on with: what the stream holds already is found there.
    return undefined;
  }
}

/** Written whole or not at all. */
export async function writeProgress(path: string, progress: ImportProgress): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(progress, null, 2)}\n`);
  await rename(`${path}.new`, path);
}
