import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Where a running Syncline can be reached, for the command line and other tools; holds no secrets. */
export const runtime = z.object({
  pid: z.int().positive(),
  started_at: z.iso.datetime(),
  simulated: z.boolean(),
  console: z.url(),
  intake: z.url(),
  nats: z.string(),
  estate_file: z.string(),
  simulator: z.string(),
  smtp: z.string(),
  /** Readiness addresses by service. */
  ready: z.record(z.string(), z.url()),
});
export type Runtime = z.infer<typeof runtime>;

const fileOf = (dataDir: string) => join(dataDir, 'runtime.json');

export function writeRuntime(dataDir: string, value: Runtime): void {
  writeFileSync(fileOf(dataDir), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

export function removeRuntime(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** What a data directory says about the Syncline that runs on it, or undefined where none does. */
export function readRuntime(dataDir: string): Runtime | undefined {
  try {
    return runtime.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}
