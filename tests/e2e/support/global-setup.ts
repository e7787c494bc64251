import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Starts the stack that all journeys share, and ends it after the last. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/e2e/support/stack.ts'], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"console"')) {
      process.env['SYNCLINE_E2E'] = line;
      break;
    }
    console.log(line);
  }
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error('The stack did not start; the lines above say why.');
  return async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'exit');
  };
}
