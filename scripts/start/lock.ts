import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartError } from './start-error.ts';

const held = z.object({ pid: z.int().positive(), born: z.string(), console: z.string() });

/**
 * Claims a data directory for this process: embedded stores have one owner. A lock left by a process that is gone is
 * taken over.
 * @returns the release.
 * @throws StartError naming the holder.
 */
export function lockDataDir(dataDir: string, consoleUrl: string): () => void {
  const file = join(dataDir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, born: bornAt(process.pid), console: consoleUrl });
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync(file, mine, { flag: 'wx', mode: 0o644 });
      break;
    } catch (error) {
      if (!isExists(error) || attempt > 3) throw error;
      refuseIfHeld(file, dataDir);
      rmSync(file, { force: true });
    }
  }
  return () => rmSync(file, { force: true });
}

function refuseIfHeld(file: string, dataDir: string): void {
  const parsed = held.safeParse(readJson(file));
  if (!parsed.success || !isAlive(parsed.data.pid)) return;
  // Process ids are used again, in containers at once: the same id with another birth is somebody else.
  if (parsed.data.born !== bornAt(parsed.data.pid)) return;
  throw new StartError(
    `The data directory ${dataDir} is in use by process ${parsed.data.pid} (console ${parsed.data.console}). ` +
      'Stop that one first, or choose another folder with --data-dir.',
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process was started, in the kernel's clock ticks; empty where the system does not tell (no /proc). */
function bornAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold spaces; starttime is the 22nd.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isExists(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
