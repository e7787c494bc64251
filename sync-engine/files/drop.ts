import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of files that their writers have not finished: hidden ones, and the suffixes that programs use meanwhile. */
const unfinished = /^\.|\.(tmp|part|filepart)$/i;

/** Puts a whole file into a folder: a reader of the folder sees all of it or nothing. A file of that name is replaced. */
export async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const meanwhile = join(folder, `.${name}.${randomUUID()}.tmp`);
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

/** Files of a folder by name, with what changes while they are being written; those known to be unfinished left out. */
export async function listFiles(folder: string): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true });
  const files = new Map<string, string>();
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile() || unfinished.test(entry.name)) continue;
    const { size, mtimeMs } = await stat(join(folder, entry.name));
    if (size > 0) files.set(entry.name, `${size} ${mtimeMs}`);
  }
  return files;
}

/** Puts a file away. Its digest keeps it apart from another one of the same name. */
export async function archiveFile(folder: string, name: string, digest: string): Promise<void> {
  const archive = join(folder, 'archive');
  await mkdir(archive, { recursive: true });
  await rename(join(folder, name), join(archive, `${digest.slice(0, 12)}-${name}`));
}
