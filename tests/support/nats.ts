import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestNats {
  url: string;
  port: number;
  pid: number;
  /** Kills the server and, unless told otherwise, deletes its data. */
  close(): Promise<void>;
}

/** Below those which Linux, macOS and Windows give to whoever asks for any port. */
const PORTS = { first: 20_000, last: 32_000 };

/** A port that stays free until it is used, and while what uses it is started again: none that is given out by chance. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.last);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

/**
 * A nats-server with JetStream of its own: own port, own folder, gone after `close`. `config` is a file that says
 * everything but the port.
 */
export async function startNats(
  options: { port?: number; directory?: string; config?: string } = {},
): Promise<TestNats> {
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'syncline-nats-')));
  const settings = options.config === undefined ? ['-js', '-sd', directory] : ['-c', options.config];
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port), ...settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await untilReady(child);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    close: async () => {
      child.kill('SIGKILL');
      await exited;
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

async function untilReady(child: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`nats-server did not start:\n${log}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Server is ready')) resolve();
    });
  });
  child.removeAllListeners('exit');
  child.stderr?.removeAllListeners('data').resume();
}
