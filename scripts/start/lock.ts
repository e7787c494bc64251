import { join } from 'node:path';
import { LockHeld, lockFile } from '#platform/file-lock.ts';
import { StartError } from './start-error.ts';

/**
 * Claims a data directory for this process: embedded stores have one owner. A lock left by a process that is gone is
 * taken over.
 * @returns the release.
 * @throws StartError naming the holder.
 */
export function lockDataDir(dataDir: string, consoleUrl: string): () => void {
  try {
    return lockFile(join(dataDir, 'lock'), { console: consoleUrl });
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    const { pid, console } = error.holder;
    throw new StartError(
      `The data directory ${dataDir} is in use by process ${pid} (console ${String(console)}). ` +
        'Stop that one first, or choose another folder with --data-dir.',
    );
  }
}
