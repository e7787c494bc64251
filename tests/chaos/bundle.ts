import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export interface Bundle {
  engine: string;
  ingest: string;
  remove(): Promise<void>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Engine and ingest as plain JavaScript: a process that is killed two hundred times must start quickly, and what runs
 * must stay the same while somebody edits the sources.
 */
export async function bundleServices(): Promise<Bundle> {
  // Two folders below the root, as the sources are, so that what they name relative to themselves is found.
  const outDir = await mkdtemp(join(root, 'node_modules', '.chaos-'));
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
        input: { engine: join(root, 'sync-engine/main.ts'), ingest: join(root, 'ingest/main.ts') },
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return {
    engine: join(outDir, 'engine.mjs'),
    ingest: join(outDir, 'ingest.mjs'),
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}
