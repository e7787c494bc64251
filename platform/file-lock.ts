import { createHash } from 'node:crypto';
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
/** What a file system without hard links says to one. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'] as const;
/** Without links a file is empty for a moment; one that stays so was left. */
const WRITTEN_WITHIN_MS = 500;
const LOOK_AGAIN_MS = 20;

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
    claim(file, mine, file);
    return () => rmSync(file, { force: true });
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * Puts `mine` at `path`. One that was left there is replaced by whoever claims, in the same way, the right to replace just
 * that one: of several that find it left, none can take away what another has put in its place.
 * @param name - the lock that this is about, for the message
 * @throws LockHeld where somebody who lives has it, or takes it over
 */
function claim(path: string, mine: string, name: string): void {
  for (let attempt = 1; !place(mine, path); attempt++) {
    if (attempt > ATTEMPTS) throw new Error(`${name} could not be claimed: it changes hands too often.`);
    const left = readText(path);
    const held = holderOf(left);
    if (held !== undefined && lives(held)) throw new LockHeld(name, held);
    // Gone by now.
    if (left === '' && !existsSync(path)) continue;
    const right = `${path}.${createHash('sha256').update(left).digest('hex').slice(0, 16)}`;
    claim(right, mine, name);
    try {
      if (readText(path) !== left) continue;
      copyFileSync(mine, `${mine}.new`);
      renameSync(`${mine}.new`, path);
      return;
    } finally {
      rmSync(right, { force: true });
    }
  }
}

/** Does `path` say what `mine` says by now? False where there is such a file already. */
function place(mine: string, path: string): boolean {
  try {
    // Appears with all that it says: one that is empty yet would pass for one that was left.
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    if (!NO_LINKS.some((code) => isCode(error, code))) throw error;
  }
  try {
    copyFileSync(mine, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
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

/** Empty where there is no such file any more, or nothing was ever written to it. */
function readText(file: string): string {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    try {
      const text = readFileSync(file, 'utf8');
      if (text !== '' || waited >= WRITTEN_WITHIN_MS) return text;
    } catch {
      return '';
    }
    Atomics.wait(clock, 0, 0, LOOK_AGAIN_MS);
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
