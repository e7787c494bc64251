import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '#platform/file-lock.ts';
import { findProgram } from '../system/find-program.ts';
import { installPackage } from '../system/install-package.ts';
import { freeBytes } from './preflight.ts';
import type { Progress } from './progress.ts';
import { StartError } from './start-error.ts';

const GIB = 1024 ** 3;
/** Space that JetStream is never allowed to take: a NATS server on a full disk stays wedged, even for SIGTERM. */
const RESERVED_BYTES = GIB;
const LARGEST_STORE_BYTES = 64 * GIB;

/** The nats-server program, installed with the system's package manager where it is missing. @throws StartError */
export async function provideNatsServer(progress: Progress): Promise<string> {
  const found = findProgram('nats-server');
  if (found !== undefined) return found;
  progress.say('nats-server is not installed; installing it with the package manager …');
  const result = await installPackage({
    'apt-get': 'nats-server',
    apk: 'nats-server',
    pacman: 'nats-server',
    brew: 'nats-server',
  });
  const installed = findProgram('nats-server');
  if (installed !== undefined) return installed;
  const reason = result.installed ? 'it was installed but is not on the PATH' : result.reason;
  throw new StartError(
    `nats-server is missing and could not be installed (${reason}). ` +
      'Put one on the PATH: https://github.com/nats-io/nats-server/releases has it for every system.',
  );
}

export interface NatsSettings {
  dataDir: string;
  port: number;
  user: string;
  password: string;
}

/** Writes the server's configuration into the data directory. @returns its path. */
export function writeNatsConfig(settings: NatsSettings): string {
  const folder = join(settings.dataDir, 'nats');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = Math.min(LARGEST_STORE_BYTES, Math.max(GIB, freeBytes(folder) - RESERVED_BYTES));
  const file = join(folder, 'nats.conf');
  const text = `# Written by Syncline at each start.
listen: "127.0.0.1:${settings.port}"
server_name: "syncline"
pid_file: ${JSON.stringify(join(folder, 'nats.pid'))}
max_payload: 1MB
jetstream {
  store_dir: ${JSON.stringify(join(folder, 'store'))}
  max_memory_store: 256MB
  max_file_store: ${Math.floor(store)}
}
authorization {
  user: ${JSON.stringify(settings.user)}
  password: ${JSON.stringify(settings.password)}
}
`;
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/**
 * Ends a nats-server that an earlier start left behind when it was killed itself: it holds the store and the port.
 * Only one that runs on this very configuration file is touched.
 */
export async function endLeftOverNats(dataDir: string): Promise<void> {
  const folder = join(dataDir, 'nats');
  const pid = Number(readText(join(folder, 'nats.pid')));
  if (!Number.isInteger(pid) || pid < 2 || !isAlive(pid)) return;
  if (!readText(`/proc/${pid}/cmdline`).includes(join(folder, 'nats.conf'))) return;
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; isAlive(pid) && waited < 10_000; waited += 100)
    await new Promise((resolve) => setTimeout(resolve, 100));
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
