import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buildSettlementReport, type SettlementTroubles } from '#simulator/amazon-settlement.ts';
import { scenarios } from '#simulator/scenarios/index.ts';
import { writeWhole } from '#sync-engine/files/folder-drop.ts';
import { amazonOf, askedOften, placeAtAmazon } from '../support/amazon.ts';
import { caseState } from '../support/cases.ts';
import { commandOf } from '../support/commands.ts';
import { type LandedEstate, startLandedEstate } from '../support/landed-estate.ts';

let folder = '';
const actor = { id: 'olga', roles: ['operations' as const, 'support' as const] };
let landed: LandedEstate;

beforeAll(async () => {
  landed = await startLandedEstate({ estate: askedOften({ 'drop.poll_ms': '20' }) });
  amazonOf(landed.estate.simulator).setSettled(0);
  folder = landed.estate.estate.systems.find(({ id }) => id === 'amazon')?.settings['drop.in'] ?? '';
}, 120_000);
afterAll(() => landed.close(), 60_000);

const isOver = ({ step }: StepEvent) => step === 'close_payout';
const isBroken = ({ status }: StepEvent) => status === 'quarantined';
const settle = (key: string, matches: (event: StepEvent) => boolean) =>
  landed.estate.until(key, matches, 'marketplace_settlement');
const payoutKey = (id: string) => transactionKey('amazon', `payout-${id}`);
const breakKey = (id: string, order: string) => transactionKey('amazon', `payout-${id}-${order}`);

async function shippedOrder(id: number) {
  const { orderId, key } = placeAtAmazon(landed.estate.simulator, id);
  await landed.estate.until(key, ({ step, status }) => step === 'channel_fulfilment' && status === 'completed');
  const record = amazonOf(landed.estate.simulator).market.orders.get(orderId);
  if (record === undefined) throw new Error(`no order ${orderId}`);
  return record;
}
const reportOf = (id: string, orders: Parameters<typeof buildSettlementReport>[0], troubles: SettlementTroubles = {}) =>
  buildSettlementReport(orders, { id, at: new Date('2026-11-20T04:00:00Z'), troubles });
const drop = (name: string, text: string) => writeWhole(folder, name, Buffer.from(text));
const archived = (name: string) =>
  vi.waitFor(
    async () => expect(await readdir(join(folder, 'archive'))).toContainEqual(expect.stringMatching(`-${name}$`)),
    { timeout: 20_000, interval: 50 },
  );

interface Entry {
  externalId: string;
  subsidiary: string;
  lines: { account: string; debit: number; credit: number }[];
}
const journals = (key: string): Entry[] => {
  const books = landed.estate.simulator.state('netsuite')['netsuite'] as { journalEntries: Entry[] };
  return books.journalEntries.filter(({ externalId }) => externalId === `payout-${key}`);
};
/** As config/estate.yaml maps them. */
const accounts = { cash: '1000', clearing: '1120', fees: '6110', tax: '2200' };

test('a payout is matched to its orders and posted as cash, fees, tax and clearing, to the cent, and is seen in ClickHouse', async () => {
  const orders = [await shippedOrder(43_001), await shippedOrder(43_002)];
  const key = payoutKey('6016502941');
  const report = reportOf('6016502941', orders);
  await drop('first.txt', report);
  const events = await settle(key, isOver);
  expect(events.filter(isBroken)).toEqual([]);
  expect(events.find(({ step }) => step === 'match_orders')?.attributes).toMatchObject({ orders: '2', breaks: '0' });

  const [entry, ...more] = journals(key);
  expect(more).toEqual([]);
  const moved = Object.fromEntries((entry?.lines ?? []).map(({ account, debit, credit }) => [account, debit - credit]));
  const paid = orders.reduce((sum, { order }) => sum + Number(order.OrderTotal.Amount), 0);
  const taxes = orders.flatMap(({ items }) => items).reduce((sum, { ItemTax }) => sum + Number(ItemTax.Amount), 0);
  const total = Number(report.split('\n')[1]?.split('\t')[4]);
  expect(entry?.subsidiary).toBe('2');
  expect(moved[accounts.cash]).toBeCloseTo(total, 2);
  expect(moved[accounts.clearing]).toBeCloseTo(-paid, 2);
  expect(moved[accounts.tax]).toBeCloseTo(taxes, 2);
  expect(moved[accounts.fees]).toBeCloseTo(paid - taxes - total, 2);

  // The same report once more, under another name, and another file of the same payout.
  await drop('again.txt', report);
  await drop('changed.txt', `${report}\n`);
  await archived('again.txt');
  await archived('changed.txt');
  await drop('later.txt', reportOf('6016502942', []));
  await settle(payoutKey('6016502942'), isOver);
  expect(await landed.estate.events(key, 'marketplace_settlement')).toEqual(events);
  expect(journals(key)).toHaveLength(1);

  await landed.untilLanded();
  const rows = await landed.store.clickhouse.query(
    `SELECT step, status FROM steps WHERE flow = 'marketplace_settlement' AND key = '${key}' ORDER BY stream_seq`,
  );
  expect(rows.map(({ step, status }) => [step, status])).toEqual(events.map(({ step, status }) => [step, status]));
}, 60_000);

test('what a payout says otherwise than its orders is a break with a case of its own, and the payout is posted all the same', async () => {
  const short = await shippedOrder(43_003);
  const right = await shippedOrder(43_004);
  const late = placeAtAmazon(landed.estate.simulator, 43_005, { status: 'Pending' });
  const key = payoutKey('6016502943');
  await drop('breaks.txt', reportOf('6016502943', [short, right], { short: 500, stranger: late.orderId }));
  await settle(key, isOver);
  expect(journals(key)).toHaveLength(1);
  const differing = await settle(breakKey('6016502943', short.id), isBroken);
  expect(differing.at(-1)).toMatchObject({ step: 'match_order', error_code: 'payout_differs', business_key: short.id });
  expect(differing.at(-1)?.error_message).toContain('difference 5.00');
  const unknown = await settle(breakKey('6016502943', late.orderId), isBroken);
  expect(unknown.at(-1)).toMatchObject({ error_code: 'order_unknown', error_class: 'reference' });
  expect(unknown.at(-1)?.error_path).toMatch(/^\/\d+\/order-id$/);
  expect(await landed.estate.events(breakKey('6016502943', right.id), 'marketplace_settlement')).toEqual([]);

  // The order comes after all: replayed, its break is over and its case resolved.
  const market = amazonOf(landed.estate.simulator).market;
  market.change(late.orderId, {
    OrderStatus: 'Unshipped',
    OrderTotal: { CurrencyCode: 'USD', Amount: '25.99' },
  });
  await landed.estate.until(late.key, ({ step, status }) => step === 'canonicalise' || status === 'quarantined');
  const caseId = unknown.at(-1)?.case_id ?? '';
  await commandOf(landed.estate.nc, 'case.replay', { actor, case_id: caseId, revision: 1 });
  await settle(
    breakKey('6016502943', late.orderId),
    ({ status, step }) => step === 'match_order' && status === 'completed',
  );
  await expect.poll(async () => (await caseState(landed.estate, caseId)).status).toBe('resolved');
}, 60_000);

test('a report whose rows do not make its total is a case and is not posted', async () => {
  const report = reportOf('6016502944', [await shippedOrder(43_006)]);
  const rows = report.split('\n');
  rows.splice(3, 1);
  await drop('torn.txt', rows.join('\n'));
  await archived('torn.txt');
  const seq = (
    await landed.estate.manager.streams.getMessage('INTAKE', { last_by_subj: 'intake.payout.amazon.settlement-report' })
  )?.seq;
  const events = await settle(transactionKey('amazon', `intake-${seq}`), isBroken);
  expect(events.at(-1)).toMatchObject({ error_code: 'payout_total_differs', error_path: '/2/total-amount' });
  expect(journals(payoutKey('6016502944'))).toEqual([]);
}, 60_000);

test('payout-mismatch: what the marketplace says wrongly of one payout are two breaks, and the next one is right again', async () => {
  const { simulator } = landed.estate;
  // What the tests before left is paid first.
  await amazonOf(simulator).payOut();
  const shorted = await shippedOrder(43_007);
  const end = scenarios.get('payout-mismatch')?.begin?.(
    {
      conditions: simulator.conditions,
      systemsOf: () => ['amazon'],
      rush: () => () => undefined,
      cutOff: () => () => undefined,
      holdAdvices: () => () => undefined,
    },
    undefined,
  );
  const wrong = (await amazonOf(simulator).payOut()) ?? '';
  end?.();
  const right = await shippedOrder(43_008);
  const next = (await amazonOf(simulator).payOut()) ?? '';
  const broken = await settle(payoutKey(wrong), isOver);
  expect(broken.find(({ step }) => step === 'match_orders')?.attributes).toMatchObject({ orders: '2', breaks: '2' });
  await settle(breakKey(wrong, shorted.id), isBroken);
  const events = await settle(payoutKey(next), isOver);
  expect(events.find(({ step }) => step === 'match_orders')?.attributes).toMatchObject({ orders: '1', breaks: '0' });
  expect(await landed.estate.events(breakKey(next, right.id), 'marketplace_settlement')).toEqual([]);
  for (const id of [wrong, next]) expect(journals(payoutKey(id))).toHaveLength(1);
}, 60_000);
