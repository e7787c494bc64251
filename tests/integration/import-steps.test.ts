import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderByKey, transactionSteps } from '#app/queries/order-detail.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { TransactionLog } from '#sync-engine/flows/transaction-log.ts';
import { runCli } from '#tests/support/cli.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import { seeded } from '#tests/support/random-transactions.ts';
import { startNats } from '#tests/support/nats.ts';
import { stepEvent, subjectOf } from '#tests/support/step-events.ts';

const password = 'a long enough password';
const mapping = `
version: 1
csv: { delimiter: ';' }
fields:
  flow: order_to_cash
  key: { system: legacy-shop, external_id: { from: order } }
  business_key: { template: 'L-{order}' }
  step: { from: activity, map: { Received: intake_received, 'Create SO': erp_create_sales_order }, unmapped: keep, as: snake_case }
  status: { from: result, map: { OK: completed, ERR: failed } }
  started_at: { from: begin, format: '%d.%m.%Y %H:%M:%S.%f', zone: Europe/Berlin }
  ended_at: { from: end, format: epoch_ms }
  system: { from: target, as: lower }
  amount: { from: total, as: amount_with_comma }
  currency: EUR
  error_message: { from: message }
attributes:
  ref_order_number: { template: 'L-{order}' }
`;
const heads = 'order;activity;result;begin;end;target;total;message';
const activities = [
  ['Received', 'SHOP'],
  ['Create SO', 'ERP'],
  ['WMS Release', 'WMS'],
  ['Shipment-Confirmed', 'WMS'],
] as const;
const steps = ['intake_received', 'erp_create_sales_order', 'wms_release', 'shipment_confirmed'];
const ORDERS = 5_000;
const BAD = 50;

interface Good {
  order: number;
  activity: number;
  start: number;
  end: number;
  failed: boolean;
}

const random = seeded(20_260_901);
/** All in summer time, so that the test's own arithmetic is two hours. */
const firstDay = Date.parse('2026-06-01T06:00:00.000Z');
const all: Good[] = Array.from({ length: ORDERS * 4 }, (_, i) => {
  const [order, activity] = [Math.floor(i / 4), i % 4];
  const start = firstDay + order * 61_000 + activity * 90_000 + (order % 997);
  return { order, activity, start, end: start + 20 + (i % 700), failed: random() < 0.02 };
});
const shuffled = all.map((row) => ({ row, at: random() })).sort((a, b) => a.at - b.at);
const badAt = new Set(Array.from({ length: BAD }, (_, i) => 100 + i * 397));

function berlin(ms: number): string {
  const text = new Date(ms + 2 * 3_600_000).toISOString();
  return `${text.slice(8, 10)}.${text.slice(5, 7)}.${text.slice(0, 4)} ${text.slice(11, 23)}`;
}
const money = (order: number) => `1.${String(order % 1000).padStart(3, '0')},50`;

function lineOf({ order, activity, start, end, failed }: Good): string[] {
  const [name, target] = activities[activity] ?? ['', ''];
  return [
    String(order),
    name,
    failed ? 'ERR' : 'OK',
    berlin(start),
    String(end),
    target,
    money(order),
    failed ? '"no; not so"' : '',
  ];
}
/** What is wrong with the nth bad row, and the field that must be named. */
const spoils: readonly [field: string, (cells: string[]) => string[]][] = [
  ['status', (cells) => cells.with(2, 'MAYBE')],
  ['started_at', (cells) => cells.with(3, '31.06.2026 10:00:00.000')],
  ['amount', (cells) => cells.with(6, 'a lot')],
  ['', (cells) => cells.slice(0, 5)],
  ['ended_at', (cells) => cells.with(4, '1000')],
  ['key.external_id', (cells) => cells.with(0, '')],
];

const good: Good[] = [];
const bad: { line: number; field: string }[] = [];
const csv = [
  heads,
  ...shuffled.map(({ row }, i) => {
    const cells = lineOf(row);
    if (!badAt.has(i)) {
      good.push(row);
      return cells.join(';');
    }
    const [field, spoil] = spoils[bad.length % spoils.length] ?? ['', (same: string[]) => same];
    bad.push({ line: i + 2, field });
    return spoil(cells).join(';');
  }),
].join('\r\n');

let app: TestConsole;
let nc: NatsConnection;
let manager: JetStreamManager;
let ingest: Ingest;
let folder: string;
let file: string;
let mappingFile: string;
let cookie: string;

const importFile = (path: string, ...args: string[]) =>
  runCli(['import', 'steps', path, '--mapping', mappingFile, ...args], { env: { NATS_URL: app.nats.url } });
const messages = async () => (await manager.streams.info(streams.steps)).state.messages;
const query = (sql: string) => app.clickhouse.clickhouse.query(sql);

async function untilLanded(): Promise<void> {
  const nudges = nc.subscribe(subjects.nudge);
  await nc.flush();
  const landed = async () => Number((await query('SELECT count() AS n FROM steps'))[0]?.['n']) >= (await messages());
  if (!(await landed())) for await (const _ of nudges) if (await landed()) break;
  nudges.unsubscribe();
}

beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'ops@example.com', name: 'Olga Ops', roles: ['operations'], password });
  cookie = await app.signIn('ops@example.com', password);
  nc = await connectNats({ url: app.nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  manager = await jetstreamManager(nc);
  ingest = await createIngest({
    nc: app.console.services.nats,
    clickhouse: app.clickhouse.clickhouse,
    log: silentLog,
    metrics: createMetrics('ingest', { defaults: false }),
    shards: 1,
  });
  folder = await mkdtemp(join(tmpdir(), 'syncline-import-'));
  file = join(folder, 'middleware.csv');
  mappingFile = join(folder, 'mapping.yaml');
  await writeFile(file, `\uFEFF${csv}\r\n`);
  await writeFile(mappingFile, mapping);
}, 120_000);
afterAll(async () => {
  await ingest.close();
  await nc.close();
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a CSV of 20,000 rows, 50 of them bad', () => {
  it('is tried out without anything being published', async () => {
    const run = await importFile(file, '--dry-run', '--json');
    const result = JSON.parse(run.stdout) as {
      rows: number;
      rejected: number;
      counts: { step: string; status: string; steps: number }[];
    };
    expect(result).toMatchObject({ rows: all.length, rejected: BAD });
    for (const { step, status, steps: count } of result.counts)
      expect(count, `${step} ${status}`).toBe(
        good.filter((row) => steps[row.activity] === step && row.failed === (status === 'failed')).length,
      );
    expect(await messages()).toBe(0);
    await expect(stat(`${file}.progress.json`)).rejects.toThrow('ENOENT');
  });

  it('lands each good row once and in the order of time, though its import is killed in the middle', async () => {
    const published = nc.subscribe(subjects.allSteps, { max: 7_000 });
    await nc.flush();
    const child = spawn(process.execPath, ['scripts/syncline.mjs', 'import', 'steps', file, '--mapping', mappingFile], {
      env: { ...process.env, NATS_URL: app.nats.url },
      stdio: 'ignore',
    });
    const exited = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    for await (const _ of published);
    child.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');
    const before = await messages();
    expect(before).toBeGreaterThanOrEqual(7_000);
    expect(before).toBeLessThan(good.length);

    const run = await importFile(file, '--json');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`${BAD} rows were not taken`);
    expect(JSON.parse(run.stdout)).toMatchObject({
      rows: all.length,
      rejected: BAD,
      landed: good.length - before,
      known: before,
    });
    expect(await messages()).toBe(good.length);

    await untilLanded();
    const rows = await query(
      `SELECT key, groupArray(ordinal) AS ordinals, groupArray(concat(step, ' ', status, ' ', toString(toUnixTimestamp64Milli(started_at)), ' ',
         toString(toUnixTimestamp64Milli(ended_at)), ' ', toString(amount), ' ', system, ' ', error_message, ' ', toString(origin),
         ' ', toString(toUnixTimestamp64Milli(occurred_at)))) AS events
       FROM (SELECT * FROM steps ORDER BY key, ordinal) GROUP BY key`,
    );
    const byOrder = new Map<number, Good[]>();
    for (const row of good) byOrder.set(row.order, [...(byOrder.get(row.order) ?? []), row]);
    expect(rows).toHaveLength(byOrder.size);
    for (const { key, ordinals, events } of rows) {
      const order = Number(String(key).replace('legacy-shop==', ''));
      const wanted = (byOrder.get(order) ?? []).toSorted((a, b) => a.end - b.end);
      expect(ordinals).toEqual(wanted.map((_, i) => i + 1));
      const occurred = Math.min(...wanted.map(({ start }) => start));
      expect(events).toEqual(
        wanted.map(
          ({ activity, start, end, failed }) =>
            `${steps[activity]} ${failed ? 'failed' : 'completed'} ${start} ${end} ${1000 + (order % 1000) + 0.5} ${activities[activity]?.[1].toLowerCase()} ${failed ? 'no; not so' : ''} backfill ${occurred}`,
        ),
      );
    }
    expect((await query('SELECT count() AS n FROM rejected_steps'))[0]).toEqual({ n: 0 });
  });

  it('keeps the bad rows beside the file, each with its line, the field and the reason', async () => {
    const kept = (await readFile(`${file}.rejected.ndjson`, 'utf8')).trim().split('\n');
    const rows = kept.map((line) => JSON.parse(line) as { line: number; field: string; reason: string; raw: string });
    const lines = csv.split('\r\n');
    expect(rows.map(({ line, field }) => ({ line, field }))).toEqual(bad);
    for (const { line, raw, reason } of rows) {
      expect(raw).toBe(lines[line - 1]);
      expect(reason).not.toBe('');
    }
  });

  it('changes nothing when it is imported again, whether or not its progress is still known', async () => {
    const again = await importFile(file);
    expect(again.stdout).toContain('was imported before');
    await rm(`${file}.progress.json`);
    const anew = await importFile(file, '--json');
    expect(JSON.parse(anew.stdout)).toMatchObject({ landed: 0, known: good.length, rejected: BAD });
    expect(await messages()).toBe(good.length);
  });

  it('leaves its orders to their own system: the engine does not go on with one', async () => {
    const log = new TransactionLog({ publisher: publisherOf(nc), manager, nonce: 'engine' });
    await expect(log.reload('order_to_cash', 'legacy-shop==1')).rejects.toThrow(
      /^legacy-shop==1 is told of by another system \(import-\S+\); this engine does not carry it\.$/,
    );
  });

  it('shows its orders on their page, with what tells of them and nothing that the engine would refuse', async () => {
    const order = good.find(({ activity, failed }) => activity === 3 && !failed)?.order ?? 0;
    const key = `legacy-shop==${order}`;
    const [row] = await app.console.services.read(orderByKey, { key, now: new Date().toISOString() });
    expect(row).toMatchObject({ business_key: `L-${order}`, origin: 'backfill', currency: 'EUR' });
    const shown = await app.console.services.read(transactionSteps, { flow: 'order_to_cash', key });
    expect(shown.map(({ step }) => step).filter((step) => !steps.includes(step))).toEqual([]);
    const page = await fetch(`${app.url}/orders/${encodeURIComponent(key)}`, { headers: { cookie } });
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain(`L-${order}`);
    expect(text).toContain('Told of by another system');
    expect(text).toContain('Its steps come from a file that was imported.');
    expect(text).not.toContain('>Hold<');
    expect(text).not.toContain('>Cancel order<');
  });
});

describe('NDJSON', () => {
  const paths = `
version: 1
origin: live
fields:
  flow: { from: kind, map: { sale: order_to_cash, back: return_to_refund } }
  key: { system: { from: shop.id }, external_id: { from: doc.number } }
  id: { from: uuid }
  step: { from: doc.action, as: snake_case }
  status: completed
  started_at: { from: at }
  system: oms
`;
  const row = (uuid: string, number: string, more: object = {}) =>
    JSON.stringify({
      uuid,
      kind: 'sale',
      shop: { id: 'shop' },
      doc: { number, action: 'Order Placed' },
      at: '2026-09-01T10:00:00+02:00',
      ...more,
    });

  it('goes into another environment too, though it was imported into one before', async () => {
    const path = join(folder, 'moved.ndjson');
    await writeFile(path, row('m', 'M1'));
    await writeFile(`${path}.yaml`, paths);
    const second = await startNats();
    const other = await connectNats({ url: second.url, name: 'test', log: silentLog });
    await ensureStreams(other, { replicas: 1, retentionDays: 30 });
    const into = async (url: string) => {
      const args = ['import', 'steps', path, '--mapping', `${path}.yaml`, '--json'];
      return JSON.parse((await runCli(args, { env: { NATS_URL: url } })).stdout) as unknown;
    };
    expect(await into(app.nats.url)).toMatchObject({ landed: 1, before: false });
    expect(await into(second.url)).toMatchObject({ landed: 1, before: false });
    expect(await into(second.url)).toMatchObject({ landed: 1, before: true });
    await other.close();
    await second.close();
  });

  it('may name an order and its return alike: each lands whole', async () => {
    const path = join(folder, 'alike.ndjson');
    const numbers = Array.from({ length: 20 }, (_, i) => `alike-${i}`);
    const of = (kind: string) =>
      numbers.flatMap((number) => ['1', '2'].map((nth) => row(`${kind}-${number}-${nth}`, number, { kind })));
    await writeFile(path, [...of('sale'), ...of('back')].join('\n'));
    await writeFile(`${path}.yaml`, paths);
    const run = await runCli(['import', 'steps', path, '--mapping', `${path}.yaml`, '--json'], {
      env: { NATS_URL: app.nats.url },
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ rows: 80, landed: 80, known: 0, rejected: 0 });
    await untilLanded();
    expect(
      await query(
        "SELECT flow, count() AS n, uniqExact(key, ordinal) AS places FROM steps WHERE key LIKE 'shop==alike-%' GROUP BY flow ORDER BY flow",
      ),
    ).toEqual([
      { flow: 'order_to_cash', n: 40, places: 40 },
      { flow: 'return_to_refund', n: 40, places: 40 },
    ]);
  });

  it('lands what its paths lead to, and refuses orders that the engine carries or another producer tells of', async () => {
    const js = jetstream(nc);
    const owned: StepEvent = stepEvent(1, 1, { key: 'shop==owned' });
    const { state: _, ...stateless } = stepEvent(2, 1, { key: 'shop==told', writer: 'somebody-else' });
    for (const event of [owned, stateless]) await js.publish(subjectOf(event), JSON.stringify(event));
    const path = join(folder, 'events.ndjson');
    await writeFile(
      path,
      [
        row('a', 'A1'),
        '{"not json',
        row('b', 'owned'),
        row('c', 'told'),
        '',
        row('d', 'A1'),
        row('a', 'A1'),
        row('e', 'A2', { kind: 'gift' }),
      ].join('\n'),
    );
    await writeFile(`${path}.yaml`, paths);
    const run = await runCli(['import', 'steps', path, '--mapping', `${path}.yaml`, '--json'], {
      env: { NATS_URL: app.nats.url },
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ rows: 7, landed: 2, known: 1, rejected: 4 });
    const kept = (await readFile(`${path}.rejected.ndjson`, 'utf8')).trim().split('\n');
    const rejected = kept.map((line) => JSON.parse(line) as { line: number; field: string; reason: string });
    expect(rejected.toSorted((a, b) => a.line - b.line)).toMatchObject([
      { line: 2, field: '', reason: expect.stringContaining('is not JSON') as string },
      { line: 3, field: 'key', reason: expect.stringContaining('sync engine') as string },
      { line: 4, field: 'key', reason: expect.stringContaining('another producer (somebody-else)') as string },
      { line: 8, field: 'flow', reason: expect.stringContaining('"gift"') as string },
    ]);
    await untilLanded();
    expect(
      await query(
        "SELECT step, toString(origin) AS origin, toUnixTimestamp(started_at) AS s, ordinal FROM steps WHERE key = 'shop==A1' ORDER BY ordinal",
      ),
    ).toEqual(
      [1, 2].map((ordinal) => ({
        step: 'order_placed',
        origin: 'live',
        s: Date.parse('2026-09-01T08:00:00Z') / 1000,
        ordinal,
      })),
    );
  });
});

it('names every field of a mapping that is not right, and every file that is not there', async () => {
  const path = join(folder, 'wrong.yaml');
  await writeFile(
    path,
    'version: 1\nfields:\n  flow: order_to_cash\n  stepp: x\n  started_at: { from: a, zone: Berlin }\n',
  );
  const wrong = await runCli(['import', 'steps', file, '--mapping', path, '--dry-run']);
  expect(wrong.code).toBe(2);
  for (const line of ['fields.key: is missing', 'fields.started_at.zone: expected an IANA time zone', '"stepp"'])
    expect(wrong.stderr).toContain(line);
  expect((await importFile(join(folder, 'nowhere.csv'))).stderr).toContain('There is no file');
});
