import { randomUUID } from 'node:crypto';
import PostalMime, { type Email } from 'postal-mime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';
import { orderDraft, startEngine, type TestEngine } from '../support/engine.ts';
import { openMarketplace, postReceipt, untilReturn } from '../support/returns.ts';

/** What customers are written, as the mail server received it. */
let estate: TestEngine;
let market: Awaited<ReturnType<typeof openMarketplace>>;
beforeAll(async () => {
  estate = await startEngine();
  market = await openMarketplace(estate);
}, 60_000);
afterEach(() => estate.simulator.conditions.clearFaults());
afterAll(() => estate.close());

type Mail = Email & { repeats: number };
async function mailsTo(address: string): Promise<Mail[]> {
  const { messages } = estate.simulator.state('mail')['mail'] as {
    messages: { to: string[]; source: string; repeats: number }[];
  };
  const own = messages.filter(({ to }) => to.includes(address));
  // The sink keeps the bytes as they came.
  return Promise.all(
    own.map(async ({ source, repeats }) => ({
      ...(await PostalMime.parse(Buffer.from(source, 'latin1'))),
      repeats,
    })),
  );
}
async function onlyMailTo(address: string): Promise<Mail> {
  const [mail, ...others] = await mailsTo(address);
  if (mail === undefined || others.length > 0) throw new Error(`${others.length} too many, or no mail to ${address}`);
  return mail;
}

const isNotified = ({ step, status }: StepEvent) => step === 'notify_customer' && status !== 'started';
const customer = (email: string, changes: Partial<OrderDraft['customer']> = {}) => ({
  ...orderDraft(estate.simulator, { id: 1 }).customer,
  email,
  ...changes,
});
const german = { line1: 'Hafenstraße 1', city: 'Köln', zip: '50667', country: 'Germany', countryCode: 'DE' };
const [first, second] = [0, 1];
const titleOf = (n: number) => estate.simulator.catalogue.active[n]?.title ?? '';

test('an order that left is told with its parcel, as text and as HTML, and its step says nothing of them', async () => {
  const key = await estate.placeOrder({
    id: 53_001,
    number: 3_001,
    customer: customer('shipped@example.com', { firstName: 'Zo<b>ë', lastName: 'O"Neill' }),
  });
  const events = await estate.until(key, isNotified);
  const mail = await onlyMailTo('shipped@example.com');
  expect(mail.from).toEqual({ name: 'Northwind Lane', address: 'orders@northwind-lane.example' });
  expect(mail.subject).toMatch(/^Your order \S*3001 is on its way$/);
  expect(mail.headers.find(({ key: name }) => name === 'content-type')?.value).toMatch(/^multipart\/alternative/);
  expect(mail.text).toContain('Hello Zo<b>ë O"Neill,');
  expect(mail.text).toContain(`2 x ${titleOf(first)}`);
  expect(mail.text).toContain(`1 x ${titleOf(second)}`);
  expect(mail.text).toMatch(/Carrier and tracking number: \S+/);
  expect(mail.html).toContain('Hello Zo&lt;b&gt;ë O&quot;Neill,');
  expect(mail.html).not.toContain('<b>');
  const told = JSON.stringify(events.filter(isNotified));
  expect(['shipped@example.com', 'Neill', titleOf(first)].filter((word) => told.includes(word))).toEqual([]);
});

test('a customer in Germany is written to in German', async () => {
  const address = { ...customer('').address, ...german };
  const key = await estate.placeOrder({ id: 53_002, customer: customer('koeln@example.de', { address }) });
  await estate.until(key, isNotified);
  const mail = await onlyMailTo('koeln@example.de');
  expect(mail.subject).toMatch(/^Ihre Bestellung \S+ ist unterwegs$/);
  expect(mail.text).toContain('Vielen Dank für Ihre Bestellung.');
  expect(mail.html).toContain('<html lang="de">');
});

test('an order that is collected lies ready at its store by name, and nothing is said of tracking', async () => {
  const stock = createStockClient(estate.nc, estate.estate);
  for (const n of [first, second])
    await stock.change({
      ...{ schema_version: 1, change_id: randomUUID(), source: 'test', reason: 'count', location: 'store-001' },
      ...{ sku: estate.simulator.catalogue.active[n]?.sku ?? '', quantity: 5, version: Date.now() },
      occurred_at: new Date().toISOString(),
    });
  const key = await estate.placeOrder({
    id: 53_003,
    pickupAt: '71000000101',
    customer: customer('collects@example.com'),
  });
  await estate.until(key, isNotified);
  const mail = await onlyMailTo('collects@example.com');
  expect(mail.subject).toMatch(/^Your order \S+ is ready to be collected$/);
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain('New York Fifth Avenue');
    expect(part).not.toMatch(/tracking|shipped|on its way/i);
  }
});

/** Ships an order of the marketplace to a buyer and takes one of its three units back. @returns the return's key. */
async function returned(id: string, beforeReceipt: () => void = () => undefined): Promise<string> {
  const orderKey = await market.order(id);
  const lines = [{ line_id: 'L1', quantity: 1, reason_code: 'changed_mind' }];
  const key = await market.request(`RMA-${id}`, id, lines);
  await untilReturn(estate, key, 'authorise');
  beforeReceipt();
  const sku = estate.simulator.catalogue.active[0]?.sku;
  const goods = [{ ...lines[0], sku, condition: 'sellable' }];
  expect((await postReceipt(estate, { reference: orderKey, return_number: `RMA-${id}`, lines: goods })).ok).toBe(true);
  return key;
}
const refundMails = async () =>
  (await mailsTo('buyer@example.com')).filter(({ subject }) => subject?.startsWith('Your refund') === true);

test('money that was given back is told with its amount and its return, and the return goes on', async () => {
  const key = await returned('HM-53-004');
  const events = await untilReturn(estate, key, 'close');
  expect(events.filter(isNotified).map(({ status }) => status)).toEqual(['completed']);
  const [mail, ...others] = await refundMails();
  expect(others).toEqual([]);
  expect(mail?.subject).toBe('Your refund for order HM-53-004');
  expect(mail?.text).toContain('we have refunded £37.02 for what you returned of your order HM-53-004:');
  expect(mail?.text).toContain('1 x Item');
  expect(mail?.text).toContain('Return: RMA-HM-53-004');
  expect(mail?.html).toContain('<strong>£37.02</strong>');
  const told = JSON.stringify(events);
  expect(['buyer@example.com', 'Test Buyer'].filter((word) => told.includes(word))).toEqual([]);
}, 60_000);

test('a refund is credited and closed even where the mail server takes no mail', async () => {
  const before = await refundMails();
  const key = await returned('HM-53-005', () => estate.simulator.conditions.setFault('mail', 'error', 1));
  const events = await untilReturn(estate, key, 'close');
  expect(events.findLast(isNotified)?.status).toBe('degraded');
  expect(events.some(({ step, status }) => step === 'erp_post_credit' && status === 'completed')).toBe(true);
  expect(await refundMails()).toHaveLength(before.length);
}, 60_000);

test('an order without an e-mail address is refunded all the same, and its return says why nobody was told', async () => {
  const { simulator } = estate;
  const shop = estate.estate.systems.find(({ id }) => id === 'shopify-us')?.settings['shop_domain'] ?? '';
  const draft = orderDraft(simulator, { id: 53_006 });
  const order = JSON.stringify(buildShopifyOrder(draft, shop), (name, value: unknown) =>
    name === 'email' || name === 'contact_email' ? null : value,
  );
  simulator.placeOrder('shopify-us', order);
  expect((await estate.postShopify('orders/create', order)).ok).toBe(true);
  const orderKey = transactionKey('shopify-us', '53006');
  await estate.until(orderKey, ({ step, status }) => step === 'settle' && status === 'completed');
  const [line] = draft.lines;
  const lines = [
    {
      ...{ line_id: String(line?.id), sku: line?.sku, quantity: 1 },
      ...{ condition: 'sellable', reason_code: 'changed_mind' },
    },
  ];
  expect((await postReceipt(estate, { reference: orderKey, receipt_id: 'R-53006', lines })).ok).toBe(true);
  const events = await untilReturn(estate, transactionKey('wms-east', 'return-R-53006'), 'close');
  expect(events.filter(isNotified).map(({ status, attributes }) => [status, attributes['reason']])).toEqual([
    ['skipped', 'The order names no e-mail address.'],
  ]);
}, 60_000);
