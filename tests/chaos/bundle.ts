import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildConsole, needsBuild } from '#scripts/start/build.ts';

export interface Bundle {
  engine: string;
  ingest: string;
  /** Console and ingest in one process, as they run on one machine. */
  console: string;
  remove(): Promise<void>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The services as plain JavaScript: a process that is killed two hundred times must start quickly, and what runs must
 * stay the same while somebody edits the sources.
 * @param options.pages the console's pages too, without which it does not start; they take a while to build.
 */
export async function bundleServices(options: { pages?: boolean } = {}): Promise<Bundle> {
  // Below node_modules, where packages are found; two folders deep, as the sources are, and with a copy of what they
  // name relative to themselves.
  const folder = await mkdtemp(join(await realpath(join(root, 'node_modules')), '.chaos-'));
  const outDir = join(folder, 'services', 'out');
  await mkdir(outDir, { recursive: true });
  for (const named of ['migrations', 'config/templates'])
    await cp(join(root, named), join(folder, named), { recursive: true });
  if (options.pages === true) {
    if (needsBuild(root)) await buildConsole(root);
    await cp(join(root, 'build'), join(folder, 'services', 'build'), { recursive: true });
  }
  await build({
    root,
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
        input: {
          engine: join(root, 'sync-engine/main.ts'),
          ingest: join(root, 'ingest/main.ts'),
          console: join(root, 'scripts/console-ingest.ts'),
        },
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return {
    engine: join(outDir, 'engine.mjs'),
    ingest: join(outDir, 'ingest.mjs'),
    console: join(outDir, 'console.mjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
