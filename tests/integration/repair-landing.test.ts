import { afterAll, beforeAll, expect, test } from 'vitest';
import { casesSince, repairItemCounts, repairItemList, repairReasons } from '#app/queries/repair-items.ts';
import { type Query, runQuery } from '#platform/clickhouse/query.ts';
import type { z } from 'zod';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { orderDraft } from '../support/engine.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';
import { repairItems, runUntil } from '../support/repair-runs.ts';

const ana = { id: 'ana', roles: ['support' as const] };

/** What is written lands within a second, on a machine that has nothing else to do. */
const landing = { timeout: 30_000, interval: 200 };

let landed: LandedEstate;
let nextId = 90_000;
beforeAll(async () => {
  landed = await startLandedEstate();
}, 60_000);
afterAll(() => landed.close());

const read = <P extends z.ZodType, R extends z.ZodType>(query: Query<P, R>, params: z.input<P>) =>
  runQuery(landed.store.clickhouse, query, params);

async function stopped(sku: string) {
  const { estate } = landed;
  const draft = orderDraft(estate.simulator, { id: ++nextId });
  const [line] = draft.lines;
  if (line === undefined) throw new Error('an order without lines');
  const key = await estate.placeOrder({ ...draft, lines: [{ ...line, sku }] });
  const events = await estate.until(key, ({ status }) => status === 'quarantined');
  return caseState(estate, events.at(-1)?.case_id ?? '');
}

test('the report is what the items say: counts, reasons, every case in the order of its turn', async () => {
  const { estate } = landed;
  const curable = await Promise.all([stopped('OLD'), stopped('OLD'), stopped('OLD')]);
  const other = await stopped('ANOTHER');
  const ids = [...curable, other].map(({ case_id }) => case_id);
  const value = estate.simulator.catalogue.active[0]?.sku ?? '';
  const operations = [{ op: 'replace' as const, path: '/line_items/*/sku', was: 'OLD', value }];
  const reply = await commandOf(estate.nc, 'repair.try', {
    actor: ana,
    cases: ids,
    repair: { kind: 'patch', operations },
    reason: 'renamed',
  });
  const run = reply.run?.run_id ?? '';
  await runUntil(estate, run, ({ status }) => status === 'tried');
  await commandOf(estate.nc, 'repair.start', { actor: ana, run_id: run, rate_per_s: 100 });
  await runUntil(estate, run, ({ status }) => status === 'done');
  const items = await repairItems(estate, run);
  const said = (outcome: string) => items.filter((item) => item.outcome === outcome).length;

  await expect
    .poll(
      async () => Object.fromEntries((await read(repairItemCounts, { run })).map((row) => [row.outcome, row.cases])),
      landing,
    )
    .toEqual({ resolved: said('resolved'), not_cured: said('not_cured') });
  expect([said('resolved'), said('not_cured')]).toEqual([3, 1]);
  const rows = await read(repairItemList, { run, outcomes: [], limit: 10, offset: 0 });
  expect(rows.map(({ case_id, outcome }) => [case_id, outcome])).toEqual(
    items.map(({ case_id, outcome }) => [case_id, outcome]),
  );
  expect(await read(repairItemList, { run, outcomes: ['not_cured'], limit: 10, offset: 0 })).toHaveLength(1);
  expect(await read(repairReasons, { run })).toEqual([
    { outcome: 'not_cured', message: 'Nothing at /line_items/*/sku is "OLD".', cases: 1 },
  ]);
});

test('what came after the list was frozen is counted apart', async () => {
  const { estate } = landed;
  const first = await stopped('LATE');
  const reply = await commandOf(estate.nc, 'repair.try', {
    actor: ana,
    fingerprint: first.fingerprint,
    repair: { kind: 'none' },
    reason: 'once more',
  });
  const run = reply.run;
  if (run === undefined) throw new Error('no run was made');
  await runUntil(estate, run.run_id, ({ status }) => status === 'tried');
  const since = async () =>
    (await read(casesSince, { fingerprint: first.fingerprint, since: run.created_at, run: run.run_id }))[0]?.cases;
  await expect.poll(async () => (await read(repairItemCounts, { run: run.run_id }))[0]?.cases, landing).toBe(run.items);
  expect(await since()).toBe(0);
  await stopped('LATE');
  await expect.poll(since, landing).toBe(1);
});
