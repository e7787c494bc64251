import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProgress, type Progress } from './start/progress.ts';
import { launch } from './start/launch.ts';
import { lockDataDir } from './start/lock.ts';
import { parseOptions, portsFrom, type StartOptions } from './start/options.ts';
import { checkDataDir } from './start/preflight.ts';
import { local } from './start/services.ts';
import { StartError } from './start/start-error.ts';
import { EstateError } from '#platform/estate.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs Syncline on this machine until it is told to stop.
 * @returns the exit code: 0 after an orderly stop, 1 where it could not start or had to give up.
 */
export async function start(args: readonly string[]): Promise<number> {
  const progress = createProgress();
  try {
    const options = parseOptions(args, root);
    return await startLocked(options, progress);
  } catch (error) {
    if (!(error instanceof StartError || error instanceof EstateError)) throw error;
    progress.fail(error.message);
    return 1;
  }
}

async function startLocked(options: StartOptions, progress: Progress): Promise<number> {
  checkDataDir(options.dataDir);
  const ports = portsFrom(options.port);
  const unlock = lockDataDir(options.dataDir, local(ports.console));
  const stopped = new AbortController();
  const onSignal = signals(stopped, progress);
  try {
    return await launch({ root, options, ports, progress, stop: stopped });
  } finally {
    onSignal.remove();
    unlock();
  }
}

/** The first Ctrl-C stops in order; the second one kills. */
function signals(stopped: AbortController, progress: Progress): { remove: () => void } {
  const listen = () => {
    if (stopped.signal.aborted) {
      progress.warn('stopping at once');
      process.exit(130);
    }
    progress.say('stopping …');
    stopped.abort();
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, listen);
  return { remove: () => names.forEach((name) => process.off(name, listen)) };
}
