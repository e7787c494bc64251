import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { v8Flags } from '#scripts/start/v8.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Clock ticks a second in /proc, the same on every Linux. */
const TICKS = 100;

export interface Child {
  pid: number;
  stop(): Promise<void>;
}

/** A service of ours in a process of its own, as `npm start` starts it; `profiles` is the folder for its CPU profile. */
export function startChild(
  file: string,
  env: Readonly<Record<string, string>>,
  options: { args?: readonly string[]; profiles?: string | undefined } = {},
): Child {
  const { args = [], profiles } = options;
  const profiling = profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profiles];
  const child = spawn(process.execPath, [...v8Flags, ...profiling, '--import', 'tsx', file, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', UV_THREADPOOL_SIZE: '16', ...env },
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, 20_000);
      await ended;
      clearTimeout(timer);
      process.off('exit', kill);
    },
  };
}

/** Waits until `url` answers 200. */
export async function untilReady(url: string, withinMs = 120_000): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const status = await fetch(url).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    if (Date.now() > giveUpAt) throw new Error(`${url} is not ready: ${status}`);
    await delay(100);
  }
}

/** CPU seconds that each process has used. Linux only. */
export function cpuSeconds(pids: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuOf(pid)]));
}

function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything, user and system time are the 12th and 13th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
