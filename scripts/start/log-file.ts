import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

const LARGEST_BYTES = 32 * 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** Opens a log for appending, for a child process to write to by itself. Close it once the child has it. */
export function openLog(file: string): number {
  return openSync(file, 'a', 0o600);
}

/** Keeps a log bounded while a child appends to it: the full one is copied aside and begun anew. */
export function rotateIfLarge(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < LARGEST_BYTES) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}

/** The last lines of a log, to show why a process ended. */
export function lastLines(file: string, count: number): string[] {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return [];
  const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
  const handle = openSync(file, 'r');
  try {
    readSync(handle, buffer, 0, buffer.length, size - buffer.length);
  } finally {
    closeSync(handle);
  }
  return buffer.toString('utf8').trimEnd().split('\n').slice(-count);
}
