import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { buildConsole, needsBuild } from '#scripts/start/build.ts';
import { bundleForNode, projectRoot } from '#tests/support/bundle.ts';

export interface Bundle {
  engine: string;
  ingest: string;
  /** Console and ingest in one process, as they run on one machine. */
  console: string;
  remove(): Promise<void>;
}

/**
 * The services as plain JavaScript.
 * @param options.pages the console's pages too, without which it does not start; they take a while to build.
 */
export async function bundleServices(options: { pages?: boolean } = {}): Promise<Bundle> {
  const bundle = await bundleForNode({
    engine: 'sync-engine/main.ts',
    ingest: 'ingest/main.ts',
    console: 'scripts/console-ingest.ts',
  });
  if (options.pages === true) {
    if (needsBuild(projectRoot)) await buildConsole(projectRoot);
    await cp(join(projectRoot, 'build'), join(bundle.folder, 'services', 'build'), { recursive: true });
  }
  return {
    engine: bundle.entry('engine'),
    ingest: bundle.entry('ingest'),
    console: bundle.entry('console'),
    remove: () => bundle.remove(),
  };
}
