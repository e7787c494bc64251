import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface ServiceOptions {
  name: string;
  script: string;
  /** Where it listens once it works. */
  port?: number;
  env: NodeJS.ProcessEnv;
  logFile: string;
}

/** What a process that died by itself had said last, which tells why. */
const LAST_WORDS = 2_000;
const STARTS_WITHIN_MS = 120_000;

/** A service in a process of its own that is killed, paused and started again. Only processes of ours are touched. */
export class Service {
  readonly name: string;
  readonly #options: ServiceOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<NodeJS.Signals | number> = Promise.resolve(0);
  /** Deaths that nobody here caused and no crash point explains. */
  unexpected: string[] = [];
  starts = 0;
  #expected = false;
  #paused = false;

  constructor(options: ServiceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Resolves with the signal or code by which the process now running ends. */
  get ended(): Promise<NodeJS.Signals | number> {
    return this.#ended;
  }

  start(env: Readonly<Record<string, string>> = {}): void {
    if (this.#child !== undefined) throw new Error(`${this.name} is running already`);
    const { script, logFile } = this.#options;
    const child = spawn(process.execPath, ['--enable-source-maps', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.#options.env, ...env },
    });
    const log = createWriteStream(logFile, { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    let words = '';
    for (const output of [child.stdout, child.stderr])
      output?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-LAST_WORDS)));
    this.#child = child;
    // Nothing of ours outlives the harness, however that ends.
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    this.#expected = env['CRASH_POINT'] !== undefined;
    this.starts++;
    this.#ended = new Promise((resolve) => {
      // Not "exit": by then what it said last has not been read.
      child.once('close', (code, signal) => {
        process.off('exit', killWithUs);
        log.end();
        this.#child = undefined;
        this.#paused = false;
        if (!this.#expected) this.unexpected.push(`${this.name} ended by itself: ${signal ?? code} ${words}`.trim());
        resolve(signal ?? code ?? 0);
      });
    });
  }

  /** Waits until it listens. One that gave up starting is started again, as whatever supervises a service does. */
  async untilListening(): Promise<void> {
    const until = performance.now() + STARTS_WITHIN_MS;
    while (!this.running || !(await listens(this.#options.port ?? 0))) {
      if (performance.now() > until) throw new Error(`${this.name} does not start: ${this.unexpected.join('; ')}`);
      if (!this.running) this.start();
      await delay(100);
    }
  }

  async kill(): Promise<void> {
    this.#expected = true;
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to finish, and does not wait. */
  askToStop(): void {
    this.#child?.kill('SIGTERM');
  }

  /** Asks it to finish, and waits; after `graceMs` it is killed. @returns whether it finished by itself. */
  async stop(graceMs = 40_000): Promise<boolean> {
    if (this.#child === undefined) return true;
    this.#expected = true;
    this.resume();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child?.kill('SIGKILL'), graceMs);
    const ended = await this.#ended;
    clearTimeout(timer);
    return ended !== 'SIGKILL';
  }

  /** Stops its clock: to everybody else it looks dead, and it does not know that time passes. */
  pause(): void {
    if (this.#child?.kill('SIGSTOP') === true) this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#child?.kill('SIGCONT');
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
