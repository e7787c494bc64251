import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface NodeBundle {
  /** Copies stand in it as they do in the project's folder. */
  folder: string;
  /** Path of an entry, by its name. */
  entry(name: string): string;
  remove(): Promise<void>;
}

/**
 * Entries as plain JavaScript: a process that is killed two hundred times must start quickly, and what runs must stay
 * the same while somebody edits the sources.
 * @param entries names, with the files below the project's folder that they stand for.
 */
export async function bundleForNode(entries: Readonly<Record<string, string>>): Promise<NodeBundle> {
  // Below node_modules, where packages are found; two folders deep, as the sources are, and with a copy of what they
  // name relative to themselves.
  const folder = await mkdtemp(join(await realpath(join(projectRoot, 'node_modules')), '.bundle-'));
  const outDir = join(folder, 'services', 'out');
  await mkdir(outDir, { recursive: true });
  for (const named of ['migrations', 'config'])
    await cp(join(projectRoot, named), join(folder, named), { recursive: true });
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      minify: false,
      target: 'node20',
      rollupOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(projectRoot, file)])),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return {
    folder,
    entry: (name) => join(outDir, `${name}.mjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
