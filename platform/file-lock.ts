import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Who holds a lock: a process, told from another of the same id by when it was born. */
const holder = z.looseObject({ pid: z.int().positive(), born: z.string() });
export type Holder = z.infer<typeof holder>;

/** The lock belongs to a process that lives. */
export class LockHeld extends Error {
  override name = 'LockHeld';
  readonly holder: Holder;
  constructor(file: string, held: Holder) {
    super(`${file} is held by process ${held.pid}.`);
    this.holder = held;
  }
}

const ATTEMPTS = 5;

/**
 * Claims something for this process by a file beside it. A lock left by a process that is gone is taken over.
 * @param more - what the file says besides, for whoever finds it
 * @returns the release.
 * @throws LockHeld
 */
export function lockFile(file: string, more: Readonly<Record<string, string>> = {}): () => void {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, born: bornAt(process.pid), ...more }), { mode: 0o644 });
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        // Appears with all that it says: one that is empty yet would pass for one that was left.
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if (!isCode(error, 'EEXIST') || attempt > ATTEMPTS) throw error;
        takeAwayIfLeft(file);
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** @throws LockHeld where its holder lives. */
function takeAwayIfLeft(file: string): void {
  const text = readText(file);
  const held = holderOf(text);
  if (held !== undefined && lives(held)) throw new LockHeld(file, held);
  // Of several that find it left, one moves it; whoever moves what another has just put in its place puts it back.
  const away = `${file}.${process.pid}.left`;
  try {
    renameSync(file, away);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    if (readText(away) !== text) linkSync(away, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(away, { force: true });
  }
}

/** Process ids are used again, in containers at once: the same id with another birth is somebody else. */
const lives = ({ pid, born }: Holder): boolean => isAlive(pid) && born === bornAt(pid);

function holderOf(text: string): Holder | undefined {
  try {
    return holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Empty where there is no such file any more. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
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

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
