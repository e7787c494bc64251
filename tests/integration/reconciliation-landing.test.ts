import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIngest, type Ingest } from '#ingest/ingest.ts';
import { createMetrics } from '#platform/metrics.ts';
import { startClickHouse, type TestClickHouse } from '#tests/support/clickhouse.ts';
import { startEngine, type TestEngine } from '#tests/support/engine.ts';
import { breaksOf, never, reconcile } from '#tests/support/reconciliation.ts';

/** What the engine writes of runs and breaks, as ClickHouse has it. */
let engine: TestEngine;
let store: TestClickHouse;
let ingest: Ingest;

beforeAll(async () => {
  const plan = { ...never, id: 'stock', name: 'Stock', kind: 'stock' as const, tolerance: 0, settle_s: 0.1, rounds: 2 };
  engine = await startEngine({
    simulator: { catalogueSize: 8 },
    estate: (estate) => ({ ...estate, reconciliations: [{ ...plan, compare: ['erp' as const] }] }),
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
