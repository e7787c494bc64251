import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import type { RequestHandler } from 'express';

/** The console's routes and browser files, ready to serve. */
export type Bundle =
  | { build: ServerBuild; assets: string; vite?: undefined }
  | { build: () => Promise<ServerBuild>; vite: RequestHandler; close: () => Promise<void> };

/** Why there is nothing to serve, in one line for the person who starts the process. */
export class NotBuilt extends Error {
  override name = 'NotBuilt';
}

/** What `npm run build` left in `folder`. @throws NotBuilt where there is none. */
export async function loadBundle(folder: string): Promise<Bundle> {
  const file = join(folder, 'server', 'index.js');
  try {
    const build = (await import(pathToFileURL(file).href)) as ServerBuild;
    return { build, assets: join(folder, 'client') };
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new NotBuilt(`The console is not built: ${file} is missing. Run "npm run build".`, { cause: error });
  }
}

/** Serves from source with hot reload, for development. */
export async function developmentBundle(root: string): Promise<Bundle> {
  const { createServer } = await import('vite');
  const vite = await createServer({ root, server: { middlewareMode: true } });
  return {
    vite: vite.middlewares,
    build: async () => (await vite.ssrLoadModule('virtual:remix/server-build')) as ServerBuild,
    close: () => vite.close(),
  };
}
