import { afterAll, beforeAll, expect, test } from 'vitest';
import { webhookDeliveries, webhookDeliveryCounts } from '#app/queries/webhook-deliveries.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { commandOf } from '../support/commands.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';

/** What is written lands within a second, on a machine that has nothing else to do. */
const landing = { timeout: 30_000, interval: 200 };
let landed: LandedEstate;
beforeAll(async () => {
  landed = await startLandedEstate();
}, 60_000);
afterAll(() => landed.close());

test('every attempt is in the delivery log, filtered and paged, the newest first', async () => {
  const { estate, store } = landed;
  const { subscriber, url } = estate.simulator;
  const { secret } = await commandOf(estate.nc, 'webhook.put', {
    actor: { id: 'ada', roles: ['administrator'] },
    webhook_id: 'logged',
    version: 0,
    name: 'Logged',
    url: `${url}/subscriber/logged`,
    events: ['order.accepted.v1', 'order.settled.v1'],
    status: 'active',
  });
  subscriber.trust('logged', [secret ?? '']);
  subscriber.answer('logged', { status: 500, times: 1 });
  const key = await estate.placeOrder({ id: 630_001 });
  await subscriber.until('logged', 2);
  const window = { webhook: 'logged', from: '2020-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };
  const all = { ...window, outcomes: [], events: [], subject: '' };
  const read = (more: object) =>
    runQuery(store.clickhouse, webhookDeliveries, { ...all, limit: 10, offset: 0, ...more });
  await expect.poll(async () => (await read({})).length, landing).toBe(3);
  const rows = await read({});
  expect(rows).toMatchObject([
    { outcome: 'delivered', status: 204 },
    { outcome: 'delivered', status: 204, attempt: 2, event: 'order.accepted.v1', subject: key },
    { outcome: 'retrying', status: 500, attempt: 1, error_code: 'HTTP_500', event: 'order.accepted.v1' },
  ]);
  expect(rows[2]?.next_at).not.toBe('');
  expect(await read({ outcomes: ['retrying'] })).toHaveLength(1);
  expect(await read({ events: ['order.settled.v1'] })).toHaveLength(1);
  expect(await read({ subject: 'another' })).toHaveLength(0);
  expect(await read({ offset: 2 })).toHaveLength(1);
  const [counted] = await runQuery(store.clickhouse, webhookDeliveryCounts, all);
  expect(counted).toEqual({ attempts: 3, delivered: 2 });
});
