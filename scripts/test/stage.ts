import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Outcome {
  name: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
}

export interface Stage {
  name: string;
  /** Program of node_modules/.bin's package, by its script file, and its arguments. */
  script: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** Counts from the report the stage wrote; absent where the stage is one check. */
  count?: (report: unknown) => { passed: number; failed: number; skipped: number };
  /** Where the stage is told to write its report. */
  report?: (file: string) => { args?: readonly string[]; env?: Record<string, string> };
}

/** Runs one stage. Its output is shown as it comes, or only on failure where `quiet`. */
export async function runStage(root: string, stage: Stage, quiet: boolean): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-test-'));
  const file = join(folder, 'report.json');
  const report = stage.report?.(file) ?? {};
  const since = Date.now();
  if (!quiet) console.log(`\n── ${stage.name}`);
  const code = await run(root, [join(root, stage.script), ...stage.args, ...(report.args ?? [])], {
    env: { ...stage.env, ...report.env },
    quiet,
  });
  const counted = countOf(stage, file, code);
  rmSync(folder, { recursive: true, force: true });
  const seconds = Math.round((Date.now() - since) / 1000);
  console.log(`${counted.failed === 0 ? '✓' : '■'} ${stage.name}: ${words(counted)} (${seconds} s)`);
  return { name: stage.name, seconds, ...counted };
}

function words({ passed, failed, skipped }: Pick<Outcome, 'passed' | 'failed' | 'skipped'>): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** A run that ended badly without naming a failed test counts as one failure: nothing may fail silently. */
function countOf(stage: Stage, file: string, code: number): Pick<Outcome, 'passed' | 'failed' | 'skipped'> {
  if (stage.count === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  try {
    const counts = stage.count(JSON.parse(readFileSync(file, 'utf8')));
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function run(
  root: string,
  args: readonly string[],
  options: { env: Record<string, string>; quiet: boolean },
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...args], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0', ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('error', () => resolve(127));
    child.once('close', (code) => {
      if (code !== 0 && output !== '') console.log(output.trimEnd());
      resolve(code ?? 1);
    });
  });
}
