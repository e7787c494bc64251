import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Ports } from './options.ts';
import { StartError } from './start-error.ts';

const GIB = 1024 ** 3;
const NEEDED_BYTES = 2 * GIB;

/** Creates the data directory and makes sure that it can be written to. @throws StartError */
export function checkDataDir(dataDir: string): void {
  try {
    makeFolder(join(dataDir, 'logs'));
    const probe = join(dataDir, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new StartError(
      `Cannot write to the data directory ${dataDir}: ${reasonOf(error)}. Choose another folder with --data-dir.`,
    );
  }
}

/** Not mkdir's own `recursive`, which never returns where an existing folder refuses children as if it were missing (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'part of the path is a file',
    EEXIST: 'a file of that name is in the way',
    ENOSPC: 'the disk is full',
    ENOENT: 'the path cannot be created',
  };
  return words[code] ?? (code || String(error));
}

/** Bytes an ordinary user may still write below a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** @throws StartError where less than 2 GiB are free: NATS does not survive a full disk. */
export function checkFreeSpace(dataDir: string): void {
  const free = freeBytes(dataDir);
  if (free >= NEEDED_BYTES) return;
  throw new StartError(
    `Only ${(free / GIB).toFixed(1)} GiB are free where ${dataDir} lies; Syncline needs 2 GiB to start. ` +
      'Make room, or choose another folder with --data-dir.',
  );
}

const purposes: Record<keyof Ports, string> = {
  console: 'the console',
  intake: 'the intake and API',
  engineOps: "the engine's health and metrics",
  ingestOps: "ingest's health and metrics",
  otlp: 'spans of other systems (OTLP)',
  simulator: 'the simulated vendors',
  smtp: 'the simulated mail server',
  nats: 'NATS',
};

/** @throws StartError naming the first port that somebody else listens on. */
export async function checkPorts(ports: Ports, names: readonly (keyof Ports)[]): Promise<void> {
  for (const name of names) {
    if (await isFree(ports[name])) continue;
    throw new StartError(
      `Port ${ports[name]}, meant for ${purposes[name]}, is taken. Choose another block of ports with --port.`,
    );
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** @throws StartError where the optional package is missing. */
export function checkEmbeddedClickHouse(root: string): void {
  try {
    createRequire(join(root, 'package.json')).resolve('chdb');
  } catch {
    throw new StartError(
      'The embedded ClickHouse (npm package chdb) is not installed. Run "npm install --include=optional"; ' +
        'it exists for Linux and macOS. With a ClickHouse server of your own see docs/operations.md.',
    );
  }
}
