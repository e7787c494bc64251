import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { System } from '#contracts/v1/estate.ts';
import type { Order } from '#contracts/v1/order.ts';
import { resolveSecret } from '#platform/estate.ts';
import type { Simulator } from '#simulator/create-simulator.ts';
import { callVerb } from '#sync-engine/connectors/call.ts';
import { ConnectorError, type Connector, type Send, type Verb } from '#sync-engine/connectors/connector.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import type { Services } from '#sync-engine/connectors/services.ts';
import type { Notice } from '#sync-engine/mail/notice.ts';
import { canonicalOrder, shipment } from '#tests/fixtures/canonical-order.ts';
import { startSimulator, testEstate, testSecret } from '#tests/support/simulator.ts';

/** Every connector over real HTTP (or SMTP) against the simulated vendor, also where the answer is lost. */
let simulator: Simulator;
const connectors = new Map<string, Connector>();
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

beforeAll(async () => {
  simulator = await startSimulator();
  for (const system of testEstate(simulator).systems) connectors.set(system.id, open(system));
});
afterEach(() => simulator.conditions.clearFaults());
afterAll(async () => {
  for (const connector of connectors.values()) await connector.transport.close();
  await simulator.close();
});

function open(system: System): Connector {
  return new Kinds({ systems: [system] })
    .of(system.id)
    .open(system, (name) => resolveSecret(name, { [name.slice(4)]: testSecret(name.slice(4)) }));
}
function sendTo(system: string): Send {
  const { transport } = connectorOf(system);
  return (call) => transport.send(call, { traceparent });
}
function connectorOf(system: string): Connector {
  const connector = connectors.get(system);
  if (connector === undefined) throw new Error(`no connector for ${system}`);
  return connector;
}
function verbOf<Name extends keyof Services>(system: string, name: Name): NonNullable<Services[Name]> {
  const verb = connectorOf(system).services[name];
  if (verb === undefined) throw new Error(`${system} offers no ${name}`);
  return verb;
}
async function perform<Input, Output>(system: string, verb: Verb<Input, Output>, input: Input): Promise<Output> {
  return (await callVerb(verb, input, sendTo(system))).output;
}
async function failureOf(call: Promise<unknown>): Promise<ConnectorError['detail']> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) return error.detail;
  throw error;
}
/** The call takes effect, but its answer is lost; then the look-up finds what it achieved. */
async function loseAnswerAndFind<Input, Output>(
  system: string,
  verb: Verb<Input, Output>,
  input: Input,
): Promise<Output> {
  const looked = verb.before === undefined ? undefined : await sendTo(system)(verb.before(input));
  simulator.conditions.setFault(system, 'lost_answer', 1);
  const failure = await failureOf(sendTo(system)(verb.prepare(input, looked)));
  expect(failure).toMatchObject({ retryable: true, mayHaveHappened: true });
  simulator.conditions.clearFaults();
  const found = await verb.find?.(input, sendTo(system));
  if (found === undefined) throw new Error('the look-up did not find what happened');
  return found;
}
function listOf(system: string, name: string): Record<string, unknown>[] {
  const list = simulator.state(system)[system]?.[name];
  if (!Array.isArray(list)) throw new Error(`${system} keeps no ${name}`);
  return list as Record<string, unknown>[];
}
const find = (system: string, name: string, field: string, value: string) =>
  listOf(system, name).filter((item) => item[field] === value);

let last = 5_000_000_000_000;
/** An order of products the simulated estate knows, two lines, placed at its shop. */
function placed(changes: Partial<Order> = {}): Order {
  const external_id = String(++last);
  const skus = simulator.catalogue.items.filter((item) => item.active).slice(0, 2);
  const base = canonicalOrder();
  const lines = base.lines
    .slice(0, 2)
    .map((line, i) => ({ ...line, sku: skus[i]?.sku ?? '', line_id: `${external_id}${i}` }));
  const order = canonicalOrder({
    system: 'shopify-us',
    channel: 'web-us',
    legal_entity: 'us-retail',
    external_id,
    number: `#${last}`,
    lines,
    totals: { ...base.totals, subtotal: '79.99', total: '88.08' },
    payments: [{ gateway: 'shopify_payments', kind: 'authorization', amount: '88.08', reference: external_id }],
    ...changes,
  });
  const body = JSON.parse(readFileSync(new URL('../fixtures/shopify-order.json', import.meta.url), 'utf8')) as object;
  simulator.placeOrder(
    'shopify-us',
    JSON.stringify({
      ...body,
      id: Number(external_id),
      name: order.number,
      total_price: '88.08',
      tags: 'vip, gift-wrap',
      note_attributes: [{ name: 'gift_message', value: 'Happy birthday' }],
      line_items: order.lines.map((line) => ({ id: Number(line.line_id), sku: line.sku, quantity: line.quantity })),
    }),
  );
  return order;
}
const parcel = (order: Order, changes: Partial<ReturnType<typeof shipment>> = {}) =>
  shipment({
    shipment_id: `WH-${order.external_id}-1`,
    lines: order.lines.map(({ line_id, sku, quantity }) => ({ line_id, sku, quantity })),
    ...changes,
  });

describe('Shopify', () => {
  const shop = (order: Order) => find('shopify-us', 'orders', 'id', order.external_id)[0];

  test('an order is acknowledged with our key, and what the shop wrote on it stays', async () => {
    const order = placed();
    const orderKey = `shopify-us==${order.external_id}`;
    const verb = verbOf('shopify-us', 'acknowledge_order');
    expect(await verb.find?.({ order, orderKey }, sendTo('shopify-us'))).toBeUndefined();
    await perform('shopify-us', verb, { order, orderKey });
    const answer = await sendTo('shopify-us')({
      method: 'GET',
      path: `/admin/api/2025-01/orders/${order.external_id}.json`,
      headers: {},
      body: '',
    });
    expect(JSON.parse(answer.body)).toMatchObject({
      order: {
        tags: 'vip, gift-wrap, syncline',
        note_attributes: [
          { name: 'gift_message', value: 'Happy birthday' },
          { name: 'syncline_order_key', value: orderKey },
        ],
      },
    });
    expect(await loseAnswerAndFind('shopify-us', verb, { order, orderKey })).toEqual({
      acknowledgedId: order.external_id,
    });
  });

  test('two equal captures of one authorisation are told apart, and a lost one is found', async () => {
    const order = placed();
    const verb = verbOf('shopify-us', 'capture_payment');
    const capture = (captureKey: string, capturedBefore: string[], final: boolean) => ({
      order,
      reference: order.external_id,
      captureKey,
      amount: '44.04',
      currency: 'USD',
      final,
      capturedBefore,
    });
    const first = await perform('shopify-us', verb, capture('a', [], false));
    const second = capture('b', [first.captureId], true);
    expect(await verb.find?.(second, sendTo('shopify-us'))).toBeUndefined();
    const found = await loseAnswerAndFind('shopify-us', verb, second);
    expect(found.captureId).not.toBe(first.captureId);
    expect(shop(order)).toMatchObject({ captures: ['44.04', '44.04'], captured: '88.08', refused_captures: 0 });
  });

  test('more than was authorised is refused with the words of the shop', async () => {
    const order = placed();
    const input = {
      order,
      reference: '',
      captureKey: 'x',
      amount: '88.09',
      currency: 'USD',
      final: true,
      capturedBefore: [],
    };
    expect(await failureOf(perform('shopify-us', verbOf('shopify-us', 'capture_payment'), input))).toMatchObject({
      errorClass: 'rejected',
      retryable: false,
      mayHaveHappened: false,
      message: expect.stringContaining('exceeds the authorized amount') as string,
    });
  });

  test('an authorisation is voided once', async () => {
    const order = placed();
    const verb = verbOf('shopify-us', 'void_authorization');
    const input = { order, reference: order.external_id, voidKey: 'v' };
    expect(await verb.find?.(input, sendTo('shopify-us'))).toBeUndefined();
    await loseAnswerAndFind('shopify-us', verb, input);
    expect(shop(order)).toMatchObject({ voided: true, captures: [] });
  });

  test('parcels become fulfilments of their lines, and a lost one is found by its tracking number', async () => {
    const order = placed();
    const verb = verbOf('shopify-us', 'create_fulfilment');
    const [first, second] = order.lines;
    if (first === undefined || second === undefined) throw new Error('two lines expected');
    const one = parcel(order, {
      lines: [{ line_id: first.line_id, sku: first.sku, quantity: 1 }],
      tracking_number: 'T1',
    });
    const two = parcel(order, {
      shipment_id: 'two',
      tracking_number: '',
      lines: [
        { line_id: first.line_id, sku: first.sku, quantity: 1 },
        { line_id: second.line_id, sku: second.sku, quantity: 1 },
      ],
    });
    await perform('shopify-us', verb, { order, shipment: one });
    expect(await verb.find?.({ order, shipment: two }, sendTo('shopify-us'))).toBeUndefined();
    await loseAnswerAndFind('shopify-us', verb, { order, shipment: two });
    expect(shop(order)).toMatchObject({ fulfilments: [{ tracking_number: 'T1' }, { tracking_number: 'two' }] });
    expect(await failureOf(perform('shopify-us', verb, { order, shipment: two }))).toMatchObject({
      code: 'NOT_FULFILLABLE',
      mayHaveHappened: false,
    });
  });

  test('an order is cancelled, and found cancelled', async () => {
    const order = placed();
    const verb = verbOf('shopify-us', 'cancel_order');
    await loseAnswerAndFind('shopify-us', verb, { order, reason: 'out of stock' });
    expect(shop(order)).toMatchObject({ cancelled: true });
  });

  test('availability is shown in absolute quantities; what the shop does not carry is left out', async () => {
    const [item] = simulator.catalogue.items;
    const sku = item?.sku ?? '';
    const items = [
      { sku, location: 'dc-east', quantity: 17 },
      { sku, location: 'dc-west', quantity: 0 },
      { sku: 'NO-SUCH-SKU', location: 'dc-east', quantity: 3 },
    ];
    const input = { batchKey: 'batch==1:7', items };
    expect(await perform('shopify-us', verbOf('shopify-us', 'publish_availability'), input)).toEqual({ accepted: 2 });
    expect(find('shopify-us', 'inventory', 'sku', sku)).toMatchObject([
      { location_id: '71000000001', quantity: 17 },
      { location_id: '71000000002', quantity: 0 },
    ]);
  });
});

describe('NetSuite', () => {
  const taxCodes = { 'State Tax': 'NY-STATE', 'City Tax': 'NY-CITY' };
  const input = (order: Order) => ({
    order,
    postingKey: `${order.external_id}==so:1`,
    subsidiary: '2',
    location: 'dc-east',
    taxCodes,
  });
  const documents = (order: Order) => find('netsuite', 'salesOrders', 'externalId', `${order.external_id}==so:1`);

  test('a sales order is booked once with the exact total, and goes by its number', async () => {
    const order = placed();
    const verb = verbOf('netsuite', 'create_sales_order');
    const made = await perform('netsuite', verb, input(order));
    expect(made.documentNumber).toBe(`SO${made.documentId}`);
    expect(documents(order)).toMatchObject([{ total: 88.08, subsidiary: '2', currency: 'USD' }]);
    expect(await verb.find?.(input(order), sendTo('netsuite'))).toEqual(made);
    expect(await perform('netsuite', verb, input(order))).toEqual(made);
    expect(documents(order)).toHaveLength(1);
  });

  test('a sales order whose answer was lost is found by its posting key', async () => {
    const order = placed();
    const verb = verbOf('netsuite', 'create_sales_order');
    expect(await verb.find?.(input(order), sendTo('netsuite'))).toBeUndefined();
    const found = await loseAnswerAndFind('netsuite', verb, input(order));
    expect(found.documentNumber).toBe(`SO${found.documentId}`);
    expect(documents(order)).toHaveLength(1);
  });

  test('a tax code the ERP does not know leads to the tax of the canonical order', async () => {
    const order = placed();
    const refused = perform('netsuite', verbOf('netsuite', 'create_sales_order'), {
      ...input(order),
      taxCodes: { ...taxCodes, 'City Tax': 'NOWHERE' },
    });
    expect(await failureOf(refused)).toMatchObject({
      errorClass: 'mapping',
      code: 'USER_ERROR',
      path: '/lines/0/taxes/1/code',
      retryable: false,
      mayHaveHappened: false,
    });
  });

  test('an item the ERP does not know leads to the SKU of the canonical order', async () => {
    const order = placed();
    const lines = order.lines.map((line, i) => (i === 1 ? { ...line, sku: 'NO-SUCH-SKU' } : line));
    const refused = perform('netsuite', verbOf('netsuite', 'create_sales_order'), input({ ...order, lines }));
    expect(await failureOf(refused)).toMatchObject({ errorClass: 'rejected', path: '/lines/1/sku' });
  });

  test('a sales order is cancelled; the invoice of another is posted once', async () => {
    const order = placed();
    const { documentId } = await perform('netsuite', verbOf('netsuite', 'create_sales_order'), input(order));
    const invoice = verbOf('netsuite', 'post_invoice');
    const posting = {
      order,
      postingKey: `${order.external_id}==invoice`,
      salesOrderId: documentId,
      salesOrderPostingKey: input(order).postingKey,
    };
    const found = await loseAnswerAndFind('netsuite', invoice, posting);
    expect(found.documentNumber).toBe(`INV${found.documentId}`);
    expect(await perform('netsuite', invoice, posting)).toEqual(found);
    expect(find('netsuite', 'invoices', 'createdFrom', documentId)).toMatchObject([{ total: 88.08 }]);

    const other = placed();
    const booked = await perform('netsuite', verbOf('netsuite', 'create_sales_order'), input(other));
    const cancel = verbOf('netsuite', 'cancel_sales_order');
    const cancelled = { postingKey: input(other).postingKey, documentId: booked.documentId };
    expect(await cancel.find?.(cancelled, sendTo('netsuite'))).toBeUndefined();
    expect(await loseAnswerAndFind('netsuite', cancel, cancelled)).toEqual({ documentId: booked.documentId });
    expect(documents(other)).toMatchObject([{ cancelled: true }]);
  });

  test('books a journal once, also where its answer is lost, and names the account that the estate does not map', async () => {
    const verb = verbOf('netsuite', 'post_journal');
    const entry = {
      schema_version: 1 as const,
      posting_key: 'day-store-001-2026-03-01',
      legal_entity: 'us-retail',
      currency: 'USD',
      date: '2026-03-01',
      memo: 'Takings of store 001',
      lines: [
        { account: 'cash', debit: '1080.10', memo: '' },
        { account: 'sales', credit: '1000.09', memo: '' },
        { account: 'sales-tax', credit: '80.01', memo: '' },
      ],
    };
    const posted = await loseAnswerAndFind('netsuite', verb, { journal: entry, subsidiary: '2' });
    expect(posted.documentNumber).toMatch(/^JE/);
    expect(await perform('netsuite', verb, { journal: entry, subsidiary: '2' })).toEqual(posted);
    expect(find('netsuite', 'journalEntries', 'externalId', entry.posting_key)).toMatchObject([
      { total: 1080.1, subsidiary: '2', currency: 'USD', date: '2026-03-01', upserts: 1 },
    ]);

    const [first, ...others] = entry.lines;
    const strange = {
      ...entry,
      posting_key: 'other',
      lines: [{ ...first, account: 'petty-cash', memo: '' }, ...others],
    };
    expect(await failureOf(perform('netsuite', verb, { journal: strange, subsidiary: '2' }))).toMatchObject({
      retryable: false,
      code: 'NO_ACCOUNT',
      path: '/lines/0/account',
    });
    const unbalanced = { ...entry, posting_key: 'third', lines: entry.lines.slice(0, 2) };
    expect(await failureOf(perform('netsuite', verb, { journal: unbalanced, subsidiary: '2' }))).toMatchObject({
      path: '/lines',
    });
  });

  test('maintenance and throttling say when to come again, and that nothing happened', async () => {
    simulator.conditions.setFault('netsuite', 'throttle', 1);
    const verb = verbOf('netsuite', 'create_sales_order');
    expect(await failureOf(perform('netsuite', verb, input(placed())))).toMatchObject({
      errorClass: 'throttled',
      retryable: true,
      mayHaveHappened: false,
      retryAfterMs: expect.any(Number) as number,
    });
    simulator.conditions.clearFaults();
    simulator.conditions.setFault('netsuite', 'error', 1);
    expect(await failureOf(perform('netsuite', verb, input(placed())))).toMatchObject({
      errorClass: 'unavailable',
      code: 'UNEXPECTED_ERROR',
      mayHaveHappened: true,
    });
  });
});

describe('the warehouse system', () => {
  const release = (order: Order, reference = `shopify-us==${order.external_id}`) => ({
    order,
    reference,
    location: 'dc-east',
    lines: order.lines.map(({ line_id, sku, quantity }) => ({ line_id, sku, quantity })),
  });
  test('takes an order once under our reference', async () => {
    const order = placed();
    const verb = verbOf('wms-east', 'release_order');
    expect(await verb.find?.(release(order), sendTo('wms-east'))).toBeUndefined();
    const found = await loseAnswerAndFind('wms-east', verb, release(order));
    expect(await perform('wms-east', verb, release(order))).toEqual(found);
    expect(find('wms-east', 'releases', 'reference', release(order).reference)).toMatchObject([{ repeats: 1 }]);
  });
  test('cancels what has not left, and says so where it has', async () => {
    const order = placed();
    const { reference } = release(order);
    const verb = verbOf('wms-east', 'cancel_release');
    expect(await perform('wms-east', verb, { reference, location: 'dc-east' })).toEqual({ shipped: false });
  });
});

describe('TaxJar and Signifyd', () => {
  test('a quote answers the tax to collect', async () => {
    const quote = await perform('taxjar', verbOf('taxjar', 'quote_tax'), { order: placed() });
    expect(quote).toEqual({ amountToCollect: expect.stringMatching(/^\d+\.\d{2}$/) as string, rate: '0.085' });
  });
  test('a decision is the same however often it is asked for', async () => {
    const order = placed();
    const verb = verbOf('signifyd', 'screen_order');
    const first = await perform('signifyd', verb, { order });
    expect(first.decision).toMatch(/^(accept|reject)$/);
    expect(await perform('signifyd', verb, { order })).toEqual(first);
  });
  test('wrong credentials are named as such', async () => {
    const system = testEstate(simulator).systems.find(({ id }) => id === 'taxjar');
    if (system === undefined) throw new Error('no taxjar');
    const stranger = new Kinds({ systems: [system] }).of(system.id).open(system, () => 'wrong');
    const call = verbOf('taxjar', 'quote_tax').prepare({ order: placed() });
    const answer = await stranger.transport.send(call, { traceparent });
    expect(() => verbOf('taxjar', 'quote_tax').read(answer, { order: placed() }, call)).toThrow(ConnectorError);
    await stranger.transport.close();
  });
});

describe('Stripe', () => {
  const intent = (id: string) => find('stripe', 'intents', 'id', id)[0];
  const capture = (order: Order, reference: string, captureKey: string, amount: string, final: boolean) => ({
    order,
    reference,
    captureKey,
    amount,
    currency: 'USD',
    final,
    capturedBefore: [],
  });
  test('captures in parts; a capture whose answer was lost is made once', async () => {
    const order = placed();
    simulator.systems.stripes.get('stripe')?.authorise('pi_parts', 8808, 'usd');
    const verb = verbOf('stripe', 'capture_payment');
    await perform('stripe', verb, capture(order, 'pi_parts', 'one', '40.00', false));
    const second = capture(order, 'pi_parts', 'two', '48.08', true);
    simulator.conditions.setFault('stripe', 'lost_answer', 1);
    expect(await failureOf(perform('stripe', verb, second))).toMatchObject({ mayHaveHappened: true });
    simulator.conditions.clearFaults();
    await verb.find?.(second, sendTo('stripe'));
    await perform('stripe', verb, second);
    expect(intent('pi_parts')).toMatchObject({
      captured: 8808,
      status: 'succeeded',
      refused_captures: 0,
      captures: [{ amount: 4000 }, { amount: 4808 }],
    });
  });
  test('an authorisation is voided, and found voided', async () => {
    const order = placed();
    simulator.systems.stripes.get('stripe')?.authorise('pi_void', 8808, 'usd');
    const verb = verbOf('stripe', 'void_authorization');
    const found = await loseAnswerAndFind('stripe', verb, { order, reference: 'pi_void', voidKey: 'void' });
    expect(found).toEqual({ voidId: 'pi_void' });
    const refused = perform(
      'stripe',
      verbOf('stripe', 'capture_payment'),
      capture(order, 'pi_void', 'late', '1.00', true),
    );
    expect(await failureOf(refused)).toMatchObject({ errorClass: 'rejected', code: 'payment_intent_unexpected_state' });
  });
});

describe('mail', () => {
  const notice = (order: Order, messageId: string): Notice => ({
    ...{ event: 'order-shipped', order, shipment: parcel(order), messageId },
    ...{ brand: 'Northwind Lane', language: 'en' },
  });
  test('a customer is told once per Message-ID', async () => {
    const order = placed();
    const input = notice(order, `shopify-us==${order.external_id}:shipped:1`);
    const verb = verbOf('mail', 'notify_customer');
    const sent = await perform('mail', verb, input);
    expect(await perform('mail', verb, input)).toEqual(sent);
    expect(find('mail', 'messages', 'messageId', sent.messageId)).toMatchObject([
      { to: ['mara.lindqvist@example.com'], subject: `Your order ${order.number} is on its way`, repeats: 1 },
    ]);
  });
  test('a server that is busy is asked again later', async () => {
    const order = placed();
    simulator.conditions.setFault('mail', 'error', 1);
    const input = notice(order, 'busy');
    const failure = await failureOf(perform('mail', verbOf('mail', 'notify_customer'), input));
    expect(failure).toMatchObject({ errorClass: 'unavailable', retryable: true, mayHaveHappened: false });
    expect(failure.message).not.toContain('mara.lindqvist');
  });
});
