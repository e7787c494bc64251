import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { orderSyncLatency } from '#app/queries/order-sync-latency.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';

let landed: LandedEstate;
beforeAll(async () => {
  landed = await startLandedEstate();
}, 120_000);
afterAll(() => landed.close(), 60_000);

const isSettled = ({ step, status }: StepEvent) => step === 'settle' && status === 'completed';
const isBusiness = ({ step }: StepEvent) => !['shipment_received', 'delivery_received'].includes(step);

/** The value below which a share of the sorted values lies, as ClickHouse's exact quantile takes it. */
const exactQuantile = (values: number[], level: number): number =>
  values[Math.min(values.length - 1, Math.floor(level * values.length))] ?? Number.NaN;

test('a Shopify order goes over HTTP to ERP and warehouse and into ClickHouse: every step once, in order, with the latency of the raw events', async () => {
  const { estate, store } = landed;
  const from = new Date().toISOString();
  const placed = [8, 21, 34].map((seconds) => new Date(Date.now() - seconds * 1000));
  const keys = await Promise.all(placed.map((placedAt, i) => estate.placeOrder({ id: 31_001 + i, placedAt })));
  const raw = await Promise.all(keys.map((key) => estate.until(key, isSettled)));
  const to = new Date(Date.now() + 1).toISOString();

  for (const [i, key] of keys.entries()) {
    const { salesOrders, invoices } = estate.simulator.state('netsuite')['netsuite'] as Record<
      string,
      { externalId: string }[]
    >;
    expect(salesOrders?.filter(({ externalId }) => externalId === `so-${key}`)).toHaveLength(1);
    expect(invoices?.filter(({ externalId }) => externalId === `inv-${key}`)).toHaveLength(1);
    const events = raw[i] ?? [];
    expect(events.filter(({ status }) => status === 'completed').filter(isBusiness)).toHaveLength(16);
  }

  await landed.untilLanded();
  for (const [i, key] of keys.entries()) {
    const rows = await store.clickhouse.query(
      `SELECT ordinal, event_id, step, status, system, stream_seq FROM steps WHERE flow = 'order_to_cash' AND key = '${key}' ORDER BY stream_seq`,
    );
    const seen = rows.map((row) => [row['ordinal'], row['event_id'], row['step'], row['status'], row['system']]);
    expect(seen).toEqual(
      (raw[i] ?? []).map((event) => [event.ordinal, event.event_id, event.step, event.status, event.system]),
    );
  }

  const latencies = raw
    .flatMap((events) =>
      events.filter(({ step, status }) => step === 'erp_create_sales_order' && status === 'completed'),
    )
    .map((event) => Date.parse(event.ended_at) - Date.parse(event.occurred_at))
    .sort((a, b) => a - b);
  expect(latencies).toHaveLength(3);
  const [figure] = await runQuery(store.clickhouse, orderSyncLatency, {
    before: from,
    from,
    to,
    tiers: ['standard'],
    targets_ms: [300_000],
    default_ms: 300_000,
  });
  expect(figure).toMatchObject({
    orders: 3,
    within: 3,
    latency: [0.5, 0.95, 0.99].map((level) => exactQuantile(latencies, level)),
  });
}, 60_000);
