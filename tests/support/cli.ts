import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundled } from './child.ts';

export interface CliRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** What people run: it looks after the checkout and reads the sources, which takes longer than most commands. */
const asPeopleDo = fileURLToPath(new URL('../../scripts/syncline.mjs', import.meta.url));

/**
 * Runs `syncline …` in a process of its own. `env` is all it is given beside PATH and HOME.
 * @param options.entry 'sources' for the very file that people run, otherwise the same program bundled.
 */
export async function runCli(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string; entry?: 'sources' } = {},
): Promise<CliRun> {
  const entry = options.entry === 'sources' ? asPeopleDo : bundled('cli');
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => ['PATH', 'HOME'].includes(name)));
  const child = spawn(process.execPath, [entry, ...args], { env: { ...own, ...options.env } as NodeJS.ProcessEnv });
  const run: CliRun = { code: -1, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (run.stderr += chunk.toString()));
  child.stdin.end(options.input ?? '');
  run.code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? -1));
  });
  return run;
}
