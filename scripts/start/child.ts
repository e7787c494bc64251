import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { lastLines, openLog, rotateIfLarge } from './log-file.ts';
import type { Progress } from './progress.ts';

export interface ProcessSpec {
  /** As people read it: "sync engine". */
  name: string;
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Node processes get a channel, whose closing tells them that the supervisor is gone. */
  channel: boolean;
  /** Show what it prints, instead of keeping it in the log file. */
  show: boolean;
}

export interface Supervised {
  readonly spec: ProcessSpec;
  /** Rejects when the process has ended several times before it was `settled`. */
  readonly gaveUp: Promise<never>;
  /** From now on every crash is followed by a restart. */
  settled(): void;
  /** SIGTERM, then SIGKILL after `graceMs`. @returns whether it ended by itself. */
  stop(graceMs: number): Promise<boolean>;
  /** SIGKILL at once. */
  kill(): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A process that ran this long has recovered; its next crash is a first one again. */
const RECOVERED_MS = 60_000;
const ATTEMPTS_TO_START = 3;
const ROTATE_EVERY_MS = 30_000;

/** Runs a process and starts it again, after a growing pause, whenever it ends by itself. */
export function supervise(spec: ProcessSpec, progress: Progress): Supervised {
  let child: ChildProcess | undefined;
  let ended = Promise.resolve();
  let stopping = false;
  let settled = false;
  let crashes = 0;
  let pause: NodeJS.Timeout | undefined;
  let giveUp: (error: Error) => void = () => undefined;
  const gaveUp = new Promise<never>((_, reject) => (giveUp = reject));
  gaveUp.catch(() => undefined);
  const rotation = setInterval(() => rotateIfLarge(spec.logFile), ROTATE_EVERY_MS);
  rotation.unref();

  const launch = () => {
    const startedAt = Date.now();
    const running = spawnLogged(spec);
    child = running;
    ended = new Promise((resolve) => {
      running.once('error', (error) => finish(error.message, resolve));
      running.once('exit', (code, signal) => finish(signal ?? `exit code ${code}`, resolve));
    });
    const finish = (how: string, resolve: () => void) => {
      if (child === running) child = undefined;
      resolve();
      if (!stopping) crashed(how, Date.now() - startedAt);
    };
  };

  const crashed = (how: string, ranMs: number) => {
    crashes = ranMs > RECOVERED_MS ? 1 : crashes + 1;
    if (!settled && crashes >= ATTEMPTS_TO_START) {
      const tail = lastLines(spec.logFile, 12).join('\n    ');
      giveUp(new Error(`${spec.name} does not start (${how}). Its last words, from ${spec.logFile}:\n    ${tail}`));
      return;
    }
    const waitMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (crashes - 1));
    progress.warn(`${spec.name} ended (${how}); starting it again in ${waitMs / 1000} s. Log: ${spec.logFile}`);
    pause = setTimeout(launch, waitMs);
  };

  launch();
  return {
    spec,
    gaveUp,
    settled: () => {
      settled = true;
      crashes = 0;
    },
    stop: async (graceMs) => {
      stopping = true;
      clearTimeout(pause);
      clearInterval(rotation);
      child?.kill('SIGTERM');
      let forced = false;
      const timer = setTimeout(() => {
        forced = true;
        child?.kill('SIGKILL');
      }, graceMs);
      await ended;
      clearTimeout(timer);
      return !forced;
    },
    kill: () => {
      stopping = true;
      clearTimeout(pause);
      child?.kill('SIGKILL');
    },
  };
}

function spawnLogged(spec: ProcessSpec): ChildProcess {
  const log = spec.show ? undefined : openLog(spec.logFile);
  const out = log ?? 'inherit';
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd,
    env: spec.env,
    // A group of its own: the terminal's Ctrl-C is the supervisor's to answer.
    detached: true,
    stdio: spec.channel ? ['ignore', out, out, 'ipc'] : ['ignore', out, out],
  });
  if (log !== undefined) closeSync(log);
  // tsx reports every file it loads over the channel; nobody here wants to know.
  child.on('message', () => undefined);
  return child;
}
