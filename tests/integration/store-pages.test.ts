import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeBatches, storeDays, storeTransmissions } from '#app/queries/stores.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { startClickHouse, type TestClickHouse } from '../support/clickhouse.ts';
import { at, createOrderStory } from '../support/order-story.ts';

let server: TestClickHouse;
beforeAll(async () => {
  server = await startClickHouse();
  const story = createOrderStory();
  const day = (store: string) => ({
    key: `store-batches==${store}-2026-03-01`,
    number: `${store} 2026-03-01`,
    placed: -60,
    channel: '',
    amount: '0.00',
    currency: 'USD',
    deadline: undefined,
  });
  const tell = (store: string, step: string, minutes: number, more: Partial<StepEvent> = {}) =>
    story.add(day(store), step, minutes, { flow: 'store_settlement', location: store, ...more });
  const batch = (sequence: number, transactions: number, backlog: number) => ({
    attributes: {
      sequence: String(sequence),
      transactions: String(transactions),
      backlog: String(backlog),
      business_date: '2026-03-01',
      generated_at: at(-60),
    },
  });
  tell('store-001', 'batch_received', -50, batch(7, 3, 1));
  tell('store-001', 'batch_received', -40, batch(8, 4, 0));
  tell('store-001', 'reconcile_takings', -39, { attributes: { takings: '152.46', tax: '12.46' } });
  tell('store-001', 'erp_post_journal', -38, { attributes: { document_number: 'JE1001' } });
  tell('store-001', 'close_day', -38, { attributes: { business_date: '2026-03-01' } });
  tell('store-001', 'batch_repeated', -30, { status: 'superseded' });
  tell('store-002', 'batch_received', -20, batch(1, 2, 5));
  tell('store-002', 'reconcile_takings', -19, { status: 'quarantined', case_id: 'c1', error_class: 'totals' });
  await story.land(server.clickhouse);
}, 60_000);
afterAll(() => server.close());

it('counts each event once, however often it was landed', async () => {
  const asked = () =>
    Promise.all([
      runQuery(server.clickhouse, storeTransmissions, { since: at(-600) }),
      runQuery(server.clickhouse, storeDays, { store: '', since: at(-600), limit: 10 }),
    ]);
  const before = await asked();
  await server.clickhouse.command('INSERT INTO steps_landing SELECT * FROM steps');
  const after = await asked();
  const byStore = ([transmissions, days]: typeof before) => [
    transmissions.sort((a, b) => a.store.localeCompare(b.store)),
    days,
  ];
  expect(byStore(after)).toEqual(byStore(before));
});

it('tells of every store when it was heard of last, its number and what it kept', async () => {
  const rows = await runQuery(server.clickhouse, storeTransmissions, { since: at(-600) });
  expect(rows.sort((a, b) => a.store.localeCompare(b.store))).toMatchObject([
    { store: 'store-001', sequence: 8, backlog: 0, repeated: 1 },
    { store: 'store-002', sequence: 1, backlog: 5, repeated: 0 },
  ]);
});

it('tells of every day what was taken and where it stands, whatever came again afterwards', async () => {
  const rows = await runQuery(server.clickhouse, storeDays, { store: '', since: at(-600), limit: 10 });
  expect(rows).toMatchObject([
    { store: 'store-001', batches: 2, receipts: 7, takings: '152.46', document: 'JE1001', last_step: 'close_day' },
    { store: 'store-002', batches: 1, receipts: 2, takings: '', last_status: 'quarantined', last_case: 'c1' },
  ]);
  const own = await runQuery(server.clickhouse, storeDays, { store: 'store-002', since: at(-600), limit: 10 });
  expect(own).toHaveLength(1);
});

it('lists the batches of a store, the newest first', async () => {
  const rows = await runQuery(server.clickhouse, storeBatches, { store: 'store-001', since: at(-600), limit: 10 });
  expect(rows.map(({ sequence, receipts }) => [sequence, receipts])).toEqual([
    [8, 4],
    [7, 3],
  ]);
});
