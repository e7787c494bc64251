import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createMetrics } from '#platform/metrics.ts';
import { startOpsServer } from '#platform/ops-server.ts';
import { writeRuntime } from '#scripts/start/runtime.ts';
import { freshSecrets, writeSecrets } from '#scripts/start/secrets.ts';
import { type CliRun, runCli } from './cli.ts';
import { startEngine, type TestEngine } from './engine.ts';
import { controlToken, testSecret } from './simulator.ts';

/** An estate that the command line finds by its data directory. */
export interface CliEstate {
  estate: TestEngine;
  dataDir: string;
  /** What its services say they wait for; none where they are ready. */
  waitFor(reasons: string[]): void;
  syncline(...args: string[]): Promise<CliRun>;
  /** Runs a command that must succeed. @returns what it printed. */
  done(...args: string[]): Promise<string>;
  /** The same with `--json`. */
  json<T>(...args: string[]): Promise<T>;
  /** @returns the path of a new file in the data directory. */
  fileOf(name: string, content: string): Promise<string>;
  close(): Promise<void>;
}

export async function startCliEstate(options: Parameters<typeof startEngine>[0] = {}): Promise<CliEstate> {
  const estate = await startEngine(options);
  const dataDir = await mkdtemp(join(tmpdir(), 'syncline-cli-'));
  let waiting: string[] = [];
  const metrics = createMetrics('test', { defaults: false });
  const ops = await startOpsServer({ port: 0, metrics, ready: () => waiting });
  const estateFile = new URL('../../config/estate.yaml', import.meta.url);
  const names = readFileSync(estateFile, 'utf8').matchAll(/env:(\w+)/g);
  const vendors = Object.fromEntries([...names].map(([, name = '']) => [name, testSecret(name)]));
  writeSecrets(dataDir, { ...freshSecrets(), vendors, simulator_token: controlToken });
  writeRuntime(dataDir, {
    pid: process.pid,
    started_at: new Date().toISOString(),
    simulated: true,
    console: 'http://127.0.0.1:1',
    intake: estate.intakeUrl,
    nats: estate.nats.url,
    estate_file: estateFile.pathname,
    simulator: estate.simulator.url,
    smtp: estate.simulator.smtpUrl,
    ready: { 'sync engine': `http://127.0.0.1:${ops.port}/readyz` },
  });

  const syncline: CliEstate['syncline'] = (...args) => runCli(['--data-dir', dataDir, ...args]);
  const done: CliEstate['done'] = async (...args) => {
    const run = await syncline(...args);
    expect(run, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
    return run.stdout;
  };
  return {
    estate,
    dataDir,
    waitFor: (reasons) => {
      waiting = reasons;
    },
    syncline,
    done,
    json: async <T>(...args: string[]) => JSON.parse(await done(...args, '--json')) as T,
    fileOf: async (name, content) => {
      const path = join(dataDir, name);
      await writeFile(path, content);
      return path;
    },
    close: async () => {
      await ops.close();
      await estate.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
