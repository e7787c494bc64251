import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StockPlan } from '#contracts/v1/reconciliation.ts';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { createMetrics } from '#platform/metrics.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import type { ConnectorDefinition } from '#sync-engine/connectors/definition.ts';
import { netsuite } from '#sync-engine/connectors/netsuite/index.ts';
import type { Compared } from '#sync-engine/reconciliation/found.ts';
import { settleBreaks } from '#sync-engine/reconciliation/settle-breaks.ts';
import { ReconciliationStore } from '#sync-engine/reconciliation/store.ts';
import { newRun } from '#sync-engine/reconciliation/worker.ts';
import { startClickHouse, type TestClickHouse } from '#tests/support/clickhouse.ts';
import { commandOf } from '#tests/support/commands.ts';
import { startEngine, type TestEngine } from '#tests/support/engine.ts';
import { breaksOf, never, reconcile, runEnded, storyOf } from '#tests/support/reconciliation.ts';

/** What the engine writes of runs and breaks, as ClickHouse has it. */
const plan: StockPlan = {
  ...{ ...never, id: 'stock', name: 'Stock', kind: 'stock', compare: ['erp'] },
  ...{ tolerance: 0, settle_s: 0.1, rounds: 2 },
};
let engine: TestEngine;
let store: TestClickHouse;
let ingest: Ingest;
/** A defect of the ERP's connector, until it is repaired. */
let defect: string | undefined;

const breakable: ConnectorDefinition = {
  ...netsuite,
  kind: 'own-erp',
  open: (...args) => {
    const connector = netsuite.open(...args);
    const { list_stock } = connector.services;
    if (list_stock === undefined) throw new Error('it lists no stock');
    const read: typeof list_stock.read = (...given) => {
      if (defect !== undefined) throw new TypeError(defect);
      return list_stock.read(...given);
    };
    return { ...connector, services: { ...connector.services, list_stock: { ...list_stock, read } } };
  },
};

beforeAll(async () => {
  engine = await startEngine({
    simulator: { catalogueSize: 8 },
    estate: (estate) => ({
      ...estate,
      systems: estate.systems.map((one) => (one.id === 'netsuite' ? { ...one, kind: breakable.kind } : one)),
      reconciliations: [plan],
    }),
    engine: { connectors: [breakable] },
  });
  store = await startClickHouse();
  ingest = await createIngest({
    nc: engine.nc,
    clickhouse: store.clickhouse,
    log: engine.log,
    metrics: createMetrics('test', { defaults: false }),
    shards: 1,
  });
}, 60_000);
afterAll(async () => {
  await ingest.close();
  await store.close();
  await engine.close();
});

test('runs and breaks land as they stand, and every event of a break once', async () => {
  const first = await reconcile(engine, 'stock');
  expect(first.opened).toBeGreaterThan(0);
  const [found] = await breaksOf(engine);
  if (found === undefined) throw new Error('nothing was found');
  engine.simulator.stock.correct('erp', found.location, found.sku, Number(found.sides[0]?.figure));
  const second = await reconcile(engine, 'stock');
  const query = (sql: string) => store.clickhouse.query(sql);
  const runs = () =>
    query('SELECT run_id, status, compared, agreeing, opened, healed FROM reconciliation_runs ORDER BY requested_at');
  const shown = ({ run_id, status, compared, agreeing, opened, healed }: typeof first) => ({
    ...{ run_id, status, compared, agreeing, opened, healed },
  });
  await expect.poll(runs, { timeout: 30_000 }).toEqual([shown(first), shown(second)]);

  const breaks = await breaksOf(engine);
  const rows = () =>
    query(`SELECT break_id, status, toFloat64(difference) AS difference, sides[2].figure AS theirs, times_seen
           FROM reconciliation_breaks ORDER BY break_id`);
  const wanted = breaks
    .map(({ break_id, status, difference, sides, times_seen }) => ({
      ...{ break_id, status, difference: Number(difference), theirs: sides[1]?.figure, times_seen },
    }))
    .sort((a, b) => (a.break_id < b.break_id ? -1 : 1));
  await expect.poll(rows, { timeout: 30_000 }).toEqual(wanted);
  const events = await query(
    `SELECT type FROM reconciliation_break_events WHERE break_id = '${found.break_id}' ORDER BY revision`,
  );
  expect(events.map(({ type }) => type)).toEqual(['opened', 'healed']);
  expect(await query('SELECT count() AS n FROM rejected_steps')).toEqual([{ n: 0 }]);
  expect(await query("SELECT DISTINCT flow, origin FROM steps WHERE flow = 'reconciliation'")).toEqual([
    { flow: 'reconciliation', origin: 'simulated' },
  ]);
});

test('a break that was closed heals, and when its history is long forgotten comes back as the same one', async () => {
  const [known] = await breaksOf(engine);
  if (known === undefined) throw new Error('nothing was found before');
  const figure = Number(known.sides[0]?.figure);
  const differ = (by: number) => engine.simulator.stock.correct('erp', known.location, known.sku, figure + by);
  const now = async () => (await storyOf(engine, known.break_id)).at(-1);
  differ(3);
  await reconcile(engine, 'stock');
  const olga = { id: 'olga@syncline.example', roles: ['operations' as const] };
  const on = { break_id: known.break_id, revision: (await now())?.revision ?? 0, reason: 'Counted twice' };
  await commandOf(engine.nc, 'break.close', { ...on, actor: olga });
  differ(0);
  expect(await reconcile(engine, 'stock')).toMatchObject({ healed: 1 });
  const healed = await now();
  expect(healed).toMatchObject({ type: 'healed', status: 'healed', reason: 'Counted twice' });

  const breaks = storeOf(engine);
  expect(await breaks.endedBreaks()).toEqual([{ id: known.break_id, at: healed?.at }]);
  await breaks.forgetHistory(known.break_id);
  expect(await breaks.endedBreaks()).toEqual([]);
  expect((await storyOf(engine, known.break_id)).map(({ type }) => type)).toEqual(['healed']);
  differ(3);
  await reconcile(engine, 'stock');
  const back = await now();
  const same = { revision: (healed?.revision ?? 0) + 1, first_seen_at: known.first_seen_at };
  expect(back).toMatchObject({ type: 'reopened', status: 'open', reason: '', ...same });
  const rows = () =>
    store.clickhouse.query(
      `SELECT status, revision FROM reconciliation_breaks WHERE break_id = '${known.break_id}' ORDER BY revision`,
    );
  await expect.poll(rows, { timeout: 30_000 }).toEqual([{ status: 'open', revision: back?.revision }]);
});

test('a run that an engine left half done says what was made of breaks before as well', async () => {
  const [known] = await breaksOf(engine);
  if (known === undefined) throw new Error('nothing was found before');
  const breaks = storeOf(engine);
  const at = new Date();
  const asked = newRun(plan, { by: 'schedule', at, due: at, covered: undefined, declared: at });
  const { run_id, plan: of } = asked;
  // Not one that anybody works on yet.
  const begun = await breaks.putRun(undefined, { ...asked, status: 'failed' });
  const compared: Compared = {
    ...{ compared: 1, agreeing: 0, undecided: 0, groups: [], unread: [], agrees: () => false },
    found: [{ ...known, sku: 'SEEN-BY-NOBODY-ELSE' }],
  };
  await settleBreaks(compared, [], { run_id, plan: of }, breaks, () => at);
  await breaks.putRun(begun, { ...asked, status: 'running', started_at: at.toISOString() });
  await expect
    .poll(async () => (await breaks.run(run_id))?.state, { timeout: 30_000 })
    .toMatchObject({ status: 'done', opened: 1, healed: 0 });
});

describe('a run that cannot go on', () => {
  const lastStep = async (key: string) => (await engine.events(key, 'reconciliation')).at(-1);

  test('has failed, and so has its transaction, where a connector has a defect', async () => {
    defect = 'the connector has a defect';
    const run = await reconcile(engine, 'stock');
    defect = undefined;
    expect(run).toMatchObject({ status: 'failed', message: 'the connector has a defect' });
    expect(run.finished_at).not.toBe('');
    expect(await lastStep(run.key)).toMatchObject({
      ...{ step: 'finish_run', status: 'failed', error_class: 'internal', error_message: run.message },
      state: { phase: 'finished' },
    });
    const landed = () =>
      store.clickhouse.query(`SELECT step, status FROM steps WHERE key = '${run.key}' ORDER BY ordinal DESC LIMIT 1`);
    await expect.poll(landed, { timeout: 30_000 }).toEqual([{ step: 'finish_run', status: 'failed' }]);
    expect(await reconcile(engine, 'stock')).toMatchObject({ status: 'done' });
  });

  test('has failed where the estate no longer declares its plan', async () => {
    const at = new Date();
    const gone = newRun({ ...plan, id: 'gone' }, { by: 'schedule', at, due: at, covered: undefined, declared: at });
    await storeOf(engine).putRun(undefined, gone);
    const run = await runEnded(engine, gone.run_id);
    expect(run).toMatchObject({ status: 'failed', message: expect.stringContaining('no longer declares') as string });
    expect(run.finished_at).not.toBe('');
    expect(await lastStep(run.key)).toMatchObject({ step: 'finish_run', status: 'failed' });
  });
});

const storeOf = ({ nc, manager }: TestEngine) =>
  new ReconciliationStore(publisherOf(nc), manager, 'test', () => new Date());
