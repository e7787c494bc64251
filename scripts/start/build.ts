import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error.ts';

/** What the console is built from. */
const sources = ['app', 'contracts', 'platform', 'public', 'vite.config.ts', 'package-lock.json'];
const product = 'build/server/index.js';

/** Is the built console missing, or older than something it is built from? */
export function needsBuild(root: string): boolean {
  const built = modifiedAt(join(root, product));
  return built === 0 || sources.some((source) => newestBelow(join(root, source)) > built);
}

function newestBelow(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  // A folder's own time tells of files that were deleted.
  let newest = stat.mtimeMs;
  if (!stat.isDirectory()) return newest;
  for (const entry of readdirSync(path)) newest = Math.max(newest, newestBelow(join(path, entry)));
  return newest;
}

function modifiedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Builds the console's browser and server bundles. @throws StartError with what the build said. */
export async function buildConsole(root: string): Promise<void> {
  const remix = join(root, 'node_modules/@remix-run/dev/dist/cli.js');
  const child = spawn(process.execPath, [remix, 'vite:build'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-20_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
  if (code !== 0) throw new StartError(`Building the console failed:\n${output.trim()}`);
}
