import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { inject } from 'vitest';
import type { Program } from './programs.ts';

/** Runs a program in a process of its own. What it writes is seen, unless the options say otherwise. */
export function startChild(program: Program, args: readonly string[], options: ForkOptions = {}): ChildProcess {
  const path = inject('programs')[program];
  if (path === undefined) throw new Error(`${program} was not bundled`);
  return fork(path, args, { stdio: 'inherit', ...options });
}
