import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { inject } from 'vitest';
import type { Program } from './programs.ts';

/** Where a program's bundle lies. */
export function bundled(program: Program): string {
  const path = inject('programs')[program];
  if (path === undefined) throw new Error(`${program} was not bundled`);
  return path;
}

/** Runs a program in a process of its own. What it writes is seen, unless the options say otherwise. */
export function startChild(program: Program, args: readonly string[], options: ForkOptions = {}): ChildProcess {
  return fork(bundled(program), args, { stdio: 'inherit', ...options });
}
