import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Puts a whole file into a folder under its name, once it is written. */
export async function putFile(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const meanwhile = join(folder, `${name}.part`);
  await writeFile(meanwhile, text);
  await rename(meanwhile, join(folder, name));
}

/** The finished files of a folder, oldest name first. */
export async function filesOf(folder: string): Promise<{ name: string; text: string }[]> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.x12') && !name.startsWith('.')).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

export async function putAway(folder: string, name: string): Promise<void> {
  await mkdir(join(folder, 'archive'), { recursive: true });
  await rename(join(folder, name), join(folder, 'archive', name));
}
