import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { archivedName, changedMeanwhile, type Drop, isUnfinished, markOf, meanwhileName, unreachable } from './drop.ts';

/** Two folders of a file system that this process sees. */
export function openFolderDrop({ inbox, outbox }: { inbox: string; outbox: string }): Drop {
  return {
    list: ({ untouched = false } = {}) => told(inbox, () => listFiles(inbox, untouched)),
    read: (name) => told(inbox, () => readWhole(join(inbox, name), name)),
    archive: (name, digest) => told(inbox, () => archiveFile(inbox, name, digest)),
    put: (name, bytes) => told(outbox, () => writeWhole(outbox, name, bytes)),
    close: async () => undefined,
  };
}

async function told<T>(folder: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw unreachable('FOLDER', `The folder ${folder} cannot be used: ${error.message}`, error);
  }
}

/** Puts a whole file into a folder: a reader of the folder sees all of it or nothing. A file of that name is replaced. */
export async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const meanwhile = join(folder, meanwhileName(name, randomUUID()));
  const file = await open(meanwhile, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(meanwhile, join(folder, name));
  await syncFolder(folder);
}

/** The name is durable, too, only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function listFiles(folder: string, untouched: boolean): Promise<Map<string, string>> {
  if (!untouched) await mkdir(folder, { recursive: true });
  const files = new Map<string, string>();
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile() || isUnfinished(entry.name)) continue;
    const { size, mtimeMs } = await stat(join(folder, entry.name));
    if (size > 0) files.set(entry.name, markOf(size, mtimeMs));
  }
  return files;
}

async function readWhole(path: string, name: string): Promise<Uint8Array> {
  const before = await stat(path);
  const bytes = await readFile(path);
  const after = await stat(path);
  if (bytes.length !== after.size || before.mtimeMs !== after.mtimeMs) throw changedMeanwhile(name);
  return bytes;
}

async function archiveFile(folder: string, name: string, digest: string): Promise<void> {
  const archive = join(folder, 'archive');
  await mkdir(archive, { recursive: true });
  await rename(join(folder, name), join(archive, archivedName(name, digest)));
}
