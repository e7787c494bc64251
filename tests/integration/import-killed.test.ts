import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { runCli } from '#tests/support/cli.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';
import { seeded } from '#tests/support/random-transactions.ts';
import { stepEvent, subjectOf } from '#tests/support/step-events.ts';

const mapping = `
version: 1
fields:
  flow: order_to_cash
  key: { system: old, external_id: { from: order } }
  step: { from: step }
  status: { from: result, map: { OK: completed } }
  started_at: { from: at }
  system: erp
  amount: { from: total }
  currency: EUR
`;
const steps = ['intake_received', 'erp_create_sales_order', 'wms_release', 'settle'];
const ORDERS = 1_500;
/** What of each row is mapped to nothing, but makes the file as large as several buckets. */
const note = 'x'.repeat(4_500);
const firstDay = Date.parse('2026-05-01T06:00:00.000Z');

/** Orders that another producer tells of already. */
const foreign = (order: number) => order % 150 === 7;

interface Line {
  order: number;
  step: number;
  /** What is wrong with it: seen while it is read, or once its transaction is put together. */
  wrong?: 'status' | 'amount' | 'key';
}
const random = seeded(20_261_101);
const told: Line[] = Array.from({ length: ORDERS * steps.length }, (_, i) => {
  const order = Math.floor(i / steps.length);
  const line = { order, step: i % steps.length };
  if (i % 401 === 17) return { ...line, wrong: 'status' };
  return foreign(order) ? { ...line, wrong: 'key' } : line;
});
const shuffled = told
  .map((line) => ({ line, at: random() }))
  .sort((a, b) => a.at - b.at)
  .map(({ line }) => line);
/** Behind all others: the same steps once more, with another amount. */
const contradicting = told
  .filter(({ wrong }, i) => wrong === undefined && i % 97 === 3)
  .map((line): Line => ({ ...line, wrong: 'amount' }));
const all = [...shuffled, ...contradicting];
const good = all.filter(({ wrong }) => wrong === undefined);
const bad = all.flatMap(({ wrong }, i) => (wrong === undefined ? [] : [{ line: i + 2, field: wrong }]));

const csv = [
  'order,step,result,at,total,note',
  ...all.map(({ order, step, wrong }) =>
    [
      order,
      steps[step],
      wrong === 'status' ? 'MAYBE' : 'OK',
      new Date(firstDay + order * 60_000 + step * 1_000).toISOString(),
      wrong === 'amount' ? '99.00' : '10.00',
      note,
    ].join(','),
  ),
].join('\n');

let nats: TestNats;
let nc: NatsConnection;
let manager: JetStreamManager;
let folder: string;
let file: string;
/** Events that were there before. */
let others: number;
const children: ChildProcess[] = [];

const args = () => ['import', 'steps', file, '--mapping', `${file}.yaml`];
const importFile = (...more: string[]) => runCli([...args(), ...more], { env: { NATS_URL: nats.url } });
const messages = async () => (await manager.streams.info(streams.steps)).state.messages - others;
const progress = async () =>
  JSON.parse(await readFile(`${file}.progress.json`, 'utf8')) as { buckets: number; bucketsDone: number };

function startImport(): ChildProcess {
  const child = spawn(process.execPath, ['scripts/syncline.mjs', ...args()], {
    env: { ...process.env, NATS_URL: nats.url },
    stdio: 'ignore',
  });
  children.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  expect((await exit)[1]).toBe('SIGKILL');
}

/** Starts an import and lets it publish until the stream holds so many of its steps. */
async function importUntil(wanted: number): Promise<ChildProcess> {
  const published = nc.subscribe(subjects.allSteps, { max: wanted - (await messages()) });
  await nc.flush();
  const child = startImport();
  for await (const _ of published);
  return child;
}

beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  manager = await jetstreamManager(nc);
  const orders = Array.from({ length: ORDERS }, (_, order) => order).filter(foreign);
  for (const order of orders) {
    const { state: _, ...event } = stepEvent(order, 1, { key: `old==${order}`, writer: 'somebody-else' });
    await jetstream(nc).publish(subjectOf(event), JSON.stringify(event));
  }
  others = orders.length;
  folder = await mkdtemp(join(tmpdir(), 'syncline-import-'));
  file = join(folder, 'history.csv');
  await writeFile(file, csv);
  await writeFile(`${file}.yaml`, mapping);
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await nc.close();
  await nats.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an import of several buckets', () => {
  it('that is killed while it reads has published nothing', async () => {
    const child = startImport();
    for await (const { filename } of watch(folder)) if (filename === `${basename(file)}.buckets`) break;
    await kill(child);
    expect(await messages()).toBe(0);
    await expect(progress()).rejects.toThrow('ENOENT');
  });

  it('keeps others from the same file as long as it lives, and is followed by the next once it is killed', async () => {
    const child = await importUntil(Math.floor(good.length * 0.4));
    child.kill('SIGSTOP');
    // What the first one sent arrives for a while yet: the second one publishes where nobody else does.
    const elsewhere = await emptyNats();
    const second = await runCli(args(), { env: { NATS_URL: elsewhere.url } });
    const published = await elsewhere.steps();
    await elsewhere.close();
    await kill(child);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`${file} is being imported by process ${child.pid}.`);
    expect(published).toBe(0);
    const { buckets, bucketsDone } = await progress();
    expect(buckets).toBeGreaterThan(2);
    expect(bucketsDone).toBeGreaterThan(0);
    expect(bucketsDone).toBeLessThan(buckets);
  });

  it('goes on after each kill until every row has landed once or is rejected under its line', async () => {
    await kill(await importUntil(Math.floor(good.length * 0.6)));
    expect(await messages()).toBeLessThan(good.length);
    const run = await importFile('--json');
    expect(run.code).toBe(1);
    const outcome = JSON.parse(run.stdout) as { landed: number; known: number; rejected: number; left: string[] };
    expect(outcome.landed + outcome.known).toBe(good.length);
    expect(outcome.rejected).toBe(bad.length);
    expect(outcome.left).toEqual([`${file}.progress.json`, `${file}.rejected.ndjson`]);
    expect((await readdir(folder)).sort()).toEqual(
      [file, `${file}.yaml`, ...outcome.left].map((path) => basename(path)).sort(),
    );
    expect(await landed()).toEqual(good.map(({ order, step }) => `old==${order} ${steps[step]} 10.00`).sort());
    const kept = (await readFile(`${file}.rejected.ndjson`, 'utf8')).trim().split('\n');
    const rejected = kept.map((line) => JSON.parse(line) as { line: number; field: string });
    expect(rejected.map(({ line, field }) => ({ line, field })).sort((a, b) => a.line - b.line)).toEqual(bad);
  });

  it('says what it left, also when there is nothing more to do', async () => {
    const { stdout } = await importFile();
    expect(stdout).toContain('was imported before');
    for (const left of ['progress.json', 'rejected.ndjson']) expect(stdout).toContain(`Left: ${file}.${left}, `);
    expect(await messages()).toBe(good.length);
  });
});

it('of which nobody can tell where its rows end leaves nothing', async () => {
  const path = join(folder, 'open.csv');
  await writeFile(path, `order,step,result,at,total,note\n1,"${'y'.repeat(1_100_000)}`);
  const run = await runCli(['import', 'steps', path, '--mapping', `${file}.yaml`], { env: { NATS_URL: nats.url } });
  expect(run.stderr).toContain('a quote is not closed');
  expect((await readdir(folder)).filter((name) => name.startsWith('open.csv'))).toEqual(['open.csv']);
});

/** A NATS that holds no step yet. */
async function emptyNats() {
  const server = await startNats();
  const connection = await connectNats({ url: server.url, name: 'test', log: silentLog });
  await ensureStreams(connection, { replicas: 1, retentionDays: 30 });
  const { streams: held } = await jetstreamManager(connection);
  return {
    url: server.url,
    steps: async () => (await held.info(streams.steps)).state.messages,
    close: async () => {
      await connection.close();
      await server.close();
    },
  };
}

/** Key, step and amount of every step that was published for the file. */
async function landed(): Promise<string[]> {
  const consumer = await jetstream(nc).consumers.get(streams.steps);
  const found: string[] = [];
  const all = await messages();
  for await (const message of await consumer.consume()) {
    const { key, step, amount, writer } = message.json<StepEvent>();
    if (writer.startsWith('import-')) found.push(`${key} ${step} ${amount}`);
    if (found.length === all) break;
  }
  return found.sort();
}
