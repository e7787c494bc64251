import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MOST_PAYOUT_LINES, type Payout, type PayoutLine } from '#contracts/v1/payout.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { Documents } from '#sync-engine/documents.ts';
import { keepPayout, payoutOf } from '#sync-engine/flows/payout/kept-payout.ts';
import {
  emptyPayoutData,
  type PayoutData,
  type PayoutEnv,
  type PayoutInline,
  type PayoutView,
} from '#sync-engine/flows/payout/payout-data.ts';
import { gatherPayout, keepPayoutPage } from '#sync-engine/flows/payout/steps/gather-payout.ts';
import { matchOrders } from '#sync-engine/flows/payout/steps/match-orders.ts';
import { orderState } from '../support/flow-view.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { testEstate } from '../support/simulator.ts';

/** Payouts of as many lines as the contract lets there be, more than a message of NATS can hold. */
let nats: TestNats;
let nc: NatsConnection;
let documents: Documents;
beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  documents = new Documents(publisherOf(nc), jetstream(nc), await jetstreamManager(nc));
});
afterAll(async () => {
  await nc.close();
  await nats.close();
});

const env = (more: Partial<PayoutEnv> = {}): PayoutEnv => ({
  documents,
  kinds: { topic: () => undefined },
  messages: { read: () => Promise.reject(new Error('not asked for')), apply: () => Promise.resolve('applied') },
  order: () => Promise.resolve(undefined),
  failed: () => Promise.resolve(false),
  paid: () => Promise.resolve(undefined),
  open: () => Promise.resolve(),
  ...more,
});
const viewOf = (data: Partial<PayoutData>): PayoutView => {
  const whole = { ...emptyPayoutData({ intake_seq: 1, received: { intake_seq: 1 } }), ...data };
  const state = { ...orderState(), data: whole };
  return { key: 'stripe==payout-po_1', state, data: whole, estate: testEstate(), now: new Date() };
};
/** Each of a payment of its own. */
const lines = (count: number, from = 0): Omit<PayoutLine, 'row'>[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ kind: 'proceeds', transaction: 'charge', description: 'x'.repeat(60), units: 0, amount: '1.00' },
    payment: `pi_${from + i}`,
  }));
async function run(step: PayoutInline, data: Partial<PayoutData>): Promise<PayoutView> {
  const outcome = await step.run(viewOf(data), env());
  if (outcome.status === 'quarantined') throw new Error(outcome.problems[0].message);
  return viewOf({ ...data, ...outcome.data });
}

/** Reads a payout of so many items page by page, as the flow does. */
async function listed(count: number) {
  const listing = { payoutId: 'po_1', total: `${count}.00`, currency: 'GBP', at: '2026-03-01T00:00:00.000Z' };
  let view = viewOf({ listing: { ...listing, system: 'stripe', page: [], kept: [], rows: 0, cursor: '' } });
  for (let from = 0, next = 'list_payout'; next === 'list_payout'; from += 1_000) {
    const known = view.data.listing;
    if (known === undefined) throw new Error('no listing');
    const page = lines(Math.min(1_000, count - from), from);
    const cursor = from + 1_000 < count ? 'more' : '';
    view = await run(keepPayoutPage, { ...view.data, listing: { ...known, page, cursor } });
    next = keepPayoutPage.next(view);
  }
  return view;
}

describe('a payout of as many lines as may be', () => {
  test('is read page by page, put together and kept', async () => {
    const view = await run(gatherPayout, (await listed(MOST_PAYOUT_LINES)).data);
    const payout = await payoutOf(view, env());
    expect(payout.lines).toHaveLength(MOST_PAYOUT_LINES);
    expect(payout.lines[0]).toMatchObject({ row: 1, payment: 'pi_0' });
    expect(payout.lines.at(-1)).toMatchObject({ row: MOST_PAYOUT_LINES, payment: `pi_${MOST_PAYOUT_LINES - 1}` });
  }, 60_000);

  test('and one more is a case, and no more of it is asked for than shows that', async () => {
    const view = await listed(MOST_PAYOUT_LINES * 2);
    expect(view.data.listing?.rows).toBe(MOST_PAYOUT_LINES + 1_000);
    const outcome = await gatherPayout.run(view, env());
    expect(outcome).toMatchObject({ status: 'quarantined', problems: [{ error_code: 'payout_incomplete' }] });
  }, 60_000);

  test('that came as one report is kept the same', async () => {
    const payout: Payout = {
      ...{ schema_version: 1, of: 'sales', payout_id: '1', currency: 'GBP', total: `${MOST_PAYOUT_LINES}.00` },
      ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', deposited_at: '2026-03-03T00:00:00.000Z' },
      lines: lines(MOST_PAYOUT_LINES).map((line, i) => ({ ...line, row: i + 3 })),
    };
    const payout_seq = await keepPayout(viewOf({}), env(), payout);
    // Another replica remembers nothing of it.
    documents = new Documents(publisherOf(nc), jetstream(nc), await jetstreamManager(nc));
    expect(await payoutOf(viewOf({ payout_seq }), env())).toEqual(payout);
  }, 60_000);

  test.each([
    ['all of it', 2],
    ['a part of it', 1],
  ])('of which %s was read before lines were numbered in their pages is put together the same', async (_, pages) => {
    const before = [lines(2), lines(2, 2)].slice(0, pages);
    const kept = await Promise.all(before.map((page, i) => documents.keep('stripe==payout-po_1', `old.${i}`, page)));
    const listing = { payoutId: 'po_1', total: '4.00', currency: 'GBP', at: '2026-03-01T00:00:00.000Z' };
    let view = viewOf({ listing: { ...listing, system: 'stripe', page: lines(2, 2), kept, cursor: '' } });
    if (pages === 1) view = await run(keepPayoutPage, view.data);
    const payout = await payoutOf(await run(gatherPayout, view.data), env());
    expect(payout.lines.map(({ row, payment }) => [row, payment])).toEqual([1, 2, 3, 4].map((n) => [n, `pi_${n - 1}`]));
  });

  test('is matched with a bounded number of look-ups at once, and its breaks are opened in its own order', async () => {
    const payout_seq = (await run(gatherPayout, (await listed(2_000)).data)).data.payout_seq;
    let underWay = 0;
    let most = 0;
    const opened: string[] = [];
    const paid = async () => {
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      return undefined;
    };
    const open = (_: PayoutView, id: string) => Promise.resolve(void opened.push(id));
    const outcome = await matchOrders.run(viewOf({ payout_seq }), env({ paid, open }));
    expect(outcome).toMatchObject({ attributes: { orders: '2000', breaks: '2000' } });
    expect(most).toBe(16);
    expect(opened).toEqual(Array.from({ length: 200 }, (_, i) => `pi_${i}`));
  }, 60_000);
});
