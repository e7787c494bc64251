/** A process that claims a lock when it is told to, and lets it go. Argument: the lock's file. */
import { LockHeld, lockFile } from '#platform/file-lock.ts';

const [file = ''] = process.argv.slice(2);
let release = () => {};

process.on('message', (told) => {
  if (told === 'release') {
    release();
    process.send?.('released');
    return;
  }
  try {
    release = lockFile(file);
    process.send?.('has it');
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    process.send?.('is held');
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
