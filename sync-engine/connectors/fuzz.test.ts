import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stockChange, price } from '#contracts/v1/catalogue.ts';
import { customer } from '#contracts/v1/customer.ts';
import { shipment } from '#contracts/v1/fulfilment.ts';
import { order } from '#contracts/v1/order.ts';
import { storeBatch } from '#contracts/v1/store.ts';
import { amazonPayload } from '#tests/fixtures/amazon-payload.ts';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { apiTopics } from './channel-api/topics.ts';
import { builtIn } from './registry.ts';
import type { MessageContext, Topic } from './topics.ts';

/** How many documents each reader is tried with. A thorough run: FUZZ_RUNS=100000. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const at = '2026-03-01T09:30:00.000Z';

const headers = {
  ...{ 'syncline-system': 'shop', 'syncline-topic': 'fuzz', 'syncline-received-at': at },
  'syncline-origin': 'live' as const,
};
const context = (resource = ''): MessageContext => ({
  estate: smallEstate,
  system: 'shop',
  headers: { ...headers, ...(resource !== '' && { 'syncline-resource': resource }) },
  mapping: (kind, code) => (kind === 'location' ? 'dc-one' : kind === 'unit' && code === 'CS' ? '12' : undefined),
});

const shopifyOrder: unknown = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/shopify-order.json', import.meta.url), 'utf8'),
);
const released = { reference: 'shop==1', shipment_id: 'S-1' };
const shippedLine = { line_id: '11', sku: 'TOTE-MOSS', quantity: 2, unit: 'CS', lot: 'L-7', serial_numbers: ['SN-1'] };
const receipt = { sku: 'TOTE-MOSS', quantity: 1, line_id: '11', condition: 'sellable', reason_code: 'DEFECT' };
const sale = {
  ...{ id: '1', kind: 'sale', at, tenders: [{ tender: 'cash', amount: '2.17' }] },
  lines: [{ sku: 'NL-PEN', quantity: 1, net: '2.00', taxes: [{ code: 'VAT', amount: '0.17' }] }],
};
const refundTransaction = { id: 5, kind: 'refund', status: 'success', amount: '29.30', currency: 'USD' };

const addressLines = { name: 'Ada Sample', line1: '1 Sample Street', city: 'New York', country_code: 'US' };
const shopCustomer = {
  ...{ id: 7200000000001, email: 'ada@example.com', first_name: 'Ada', last_name: 'Sample', phone: '+12125550100' },
  ...{ updated_at: at, email_marketing_consent: { state: 'subscribed', consent_updated_at: at } },
  default_address: {
    name: 'Ada Sample',
    address1: '1 Sample Street',
    city: 'New York',
    zip: '10003',
    country_code: 'US',
  },
};

const { schema_version: _, system, channel, region, brand, legal_entity, ...sent } = canonicalOrder();
const estateKnows = [system, channel, region, brand, legal_entity];
const orderFixtures: Record<string, unknown> = {
  amazon: amazonPayload(),
  'channel-api': sent,
  shopify: shopifyOrder,
};

const trackerEvent = (description: string) => ({
  body: {
    ...{ object: 'Event', id: 'evt_1', description },
    result: {
      ...{ object: 'Tracker', id: 'trk_1', tracking_code: '1Z', status: 'delivered', carrier: 'UPS', is_return: false },
      ...{ updated_at: at, tracking_details: [{ status: 'delivered', datetime: at }] },
    },
  },
});

const stripeEvents = (of: string, names: readonly string[], object: object) =>
  Object.fromEntries(
    names.map((name) => [
      `stripe ${of}${name}`,
      {
        body: {
          ...{ id: 'evt_1', object: 'event', type: `${of}${name}`, created: 1_772_357_400, livemode: true },
          ...{ account: null, data: { object } },
        },
      },
    ]),
  );
const intent = {
  ...{ id: 'pi_1', object: 'payment_intent', amount_received: 1250, currency: 'usd', cancellation_reason: 'automatic' },
  metadata: { [`capture_${'a'.repeat(32)}`]: '12.50' },
  latest_charge: 'ch_1',
  last_payment_error: {
    ...{ code: 'card_declined', decline_code: 'insufficient_funds', message: 'Declined.' },
    payment_method: { type: 'card' },
  },
};
const stripeCharge = {
  ...{ id: 'ch_1', object: 'charge', payment_intent: null, amount_captured: 1250, currency: 'usd' },
  ...{ failure_code: 'card_declined', failure_message: 'Declined.', payment_method_details: { type: 'card' } },
};
const stripeRefund = {
  ...{ id: 're_1', object: 'refund', payment_intent: 'pi_1', charge: 'ch_1', amount: 500, currency: 'usd' },
  ...{
    status: 'failed',
    failure_reason: 'expired_or_canceled_card',
    metadata: { syncline_refund: 'ref-shop==return-1' },
  },
};

const stripePayout = {
  ...{ id: 'po_1', object: 'payout', amount: 1205, currency: 'usd', arrival_date: 1_772_357_400, status: 'failed' },
  ...{ failure_code: 'account_closed', reconciliation_status: 'completed' },
};

/** A sound document of each JSON message, by connector and topic. */
const fixtures: Record<string, { body: unknown; resource?: string }> = {
  'channel-api channel.stock': {
    body: { quantity: 4, version: 7, occurred_at: at, reason: 'receipt', purchase_order: 'PO-1', unit: 'CS' },
    resource: '/v1/stock/dc-one/TOTE-MOSS',
  },
  'channel-api channel.price': {
    body: { amount: '24.90', compare_at: '29.90', currency: 'USD', starts_at: at, version: 3 },
    resource: '/v1/prices/web/TOTE-MOSS',
  },
  'channel-api channel.customer': {
    body: {
      ...{ full_name: 'Ada Sample', email: 'ada@example.com', phone: '+1 212 555 0100', updated_at: at },
      address: { ...addressLines, postal_code: '10003', region_code: 'NY' },
      marketing_consent: { state: 'granted', at },
    },
    resource: '/v1/customers/C-1',
  },
  'shopify customers/create': { body: shopCustomer },
  'shopify customers/update': { body: shopCustomer },
  'channel-api channel.return': {
    body: {
      ...{ return_id: 'RMA-1', channel: 'web', order: '1001', requested_at: at },
      lines: [{ line_id: '11', quantity: 1, reason_code: 'DEFECT' }],
      received: { location: 'dc-one', at },
    },
  },
  'rest-wms shipment.confirmed': {
    body: { ...released, carrier: 'UPS', tracking_number: '1Z', shipped_at: at, lines: [shippedLine] },
  },
  'rest-wms shipment.delivered': { body: { ...released, delivered_at: at } },
  'rest-wms stock.changed': {
    body: {
      ...{ change_id: 'C-1', sku: 'TOTE-MOSS', location_code: 'ONE', reason: 'transfer_out', quantity: -2, version: 9 },
      ...{ occurred_at: at, counterpart_code: 'TWO', lot: 'L-7', serial_numbers: ['SN-1'] },
    },
  },
  'rest-wms return.received': {
    body: {
      ...{ receipt_id: 'RT-1', reference: 'shop==1', return_number: 'RMA-1', location_code: 'ONE' },
      ...{ received_at: at, version: 9, lines: [receipt] },
    },
  },
  'shopify fulfillments/create': {
    body: { id: 255858046, order_id: 1, status: 'success', created_at: at, tracking_number: '1Z' },
  },
  'shopify inventory_levels/update': {
    body: { inventory_item_id: 43000000000001, location_id: 71000000001, available: 6, updated_at: at },
  },
  'shopify returns/request': {
    body: {
      ...{ id: 3547267221, name: '#1001-R1', order: { id: 1 }, status: 'requested' },
      return_line_items: [
        { quantity: 1, return_reason: 'unwanted', fulfillment_line_item: { id: 5, line_item: { id: 11 } } },
      ],
    },
  },
  'shopify refunds/create': {
    body: {
      ...{ id: 77, order_id: 1, created_at: at, note: 'damaged', transactions: [refundTransaction] },
      refund_line_items: [
        { line_item_id: 11, quantity: 1, restock_type: 'return', subtotal: '27.00', total_tax: '2.30' },
      ],
    },
  },
  'easypost tracker.created': trackerEvent('tracker.created'),
  'easypost tracker.updated': trackerEvent('tracker.updated'),
  ...stripeEvents('payment_intent.', ['succeeded', 'amount_capturable_updated', 'canceled', 'payment_failed'], intent),
  ...stripeEvents('charge.', ['captured', 'failed', 'refunded'], stripeCharge),
  ...stripeEvents(
    'payout.',
    ['created', 'updated', 'paid', 'reconciliation_completed', 'failed', 'canceled'],
    stripePayout,
  ),
  ...stripeEvents('', ['charge.refund.updated', 'refund.created', 'refund.updated', 'refund.failed'], stripeRefund),
  'pos store.batch': {
    body: {
      ...{ schema_version: 1, store: 'store-001', sequence: 7, business_date: '2026-03-01', generated_at: at },
      ...{ currency: 'USD', transactions: [sale], counts: [{ sku: 'NL-PEN', on_hand: 4 }] },
    },
  },
  'pos store.return': {
    body: {
      ...{ schema_version: 1, store: 'store-001', sequence: 7, business_date: '2026-03-01', currency: 'USD' },
      receipt: { ...sale, kind: 'return', online_order: { channel: 'web', order: '1001' } },
    },
  },
};
/** Documents that are not JSON have properties of their own beside their readers. */
const elsewhere = /^x12-|store\.poslog|settlement\./;

const canonical: Partial<Record<Topic['means'], { parse(value: unknown): unknown }>> = {
  shipment,
  stock_change: stockChange,
  price,
  customer,
  store_batch: storeBatch,
};

type Outcome = { accepted: unknown } | { problems: { path: string; message: string }[] };
interface Parser {
  name: string;
  fixture: unknown;
  run(bytes: Uint8Array): Outcome;
}

const topics = [
  ...builtIn.flatMap(({ kind, topics: own = {} }) =>
    Object.entries(own).map(([name, topic]) => ({ kind, name, topic })),
  ),
  ...Object.entries(apiTopics).map(([name, topic]) => ({ kind: 'channel-api', name, topic })),
].filter(({ kind, name, topic }, i, all) => {
  const key = `${kind} ${name}`;
  return 'read' in topic && !elsewhere.test(key) && all.findIndex((one) => `${one.kind} ${one.name}` === key) === i;
});

const messages: (Parser & { topic: Topic })[] = topics.map(({ kind, name, topic }) => {
  const found = fixtures[`${kind} ${name}`];
  return {
    topic,
    name: `${kind} ${name}`,
    fixture: found?.body,
    run: (bytes) => {
      if (!('read' in topic) || topic.means === 'shipments') throw new Error(`${name} is not read so`);
      const read = topic.read(bytes, context(found?.resource));
      if ('problems' in read) return read;
      canonical[topic.means]?.parse(read.message);
      return { accepted: read.message };
    },
  };
});

const orders: Parser[] = builtIn.flatMap(({ kind, order: format }) => {
  if (format === undefined || elsewhere.test(kind)) return [];
  return {
    name: `${kind} order`,
    fixture: orderFixtures[kind],
    run: (bytes) => {
      format.glimpse(bytes);
      const read = format.canonicalise(Buffer.from(bytes), context());
      if ('problems' in read) return read;
      if ('order' in read) order.parse(read.order);
      return { accepted: 'order' in read ? read.order : read };
    },
  };
});

// Topics that are read by one reader are tried once.
const parsers = [
  ...messages.filter(({ topic }, i) => messages.findIndex((one) => one.topic === topic) === i),
  ...orders,
];
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));

type Path = readonly (string | number)[];
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
function leaves(value: unknown, path: Path = []): Path[] {
  if (!isObject(value)) return [path];
  const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return children.length === 0 ? [path] : children.flatMap(([key, child]) => leaves(child, [...path, key]));
}
/** The document with the value at a path replaced, or taken out. */
function spoilt(document: unknown, path: Path, ...value: [] | [unknown]): unknown {
  const copy: unknown = structuredClone(document);
  const [last, ...before] = [...path].reverse();
  const parent = before.reverse().reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), copy);
  if (!isObject(parent) || last === undefined) return value[0];
  if (value.length === 1) parent[last] = value[0];
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
  return copy;
}

function expectSaid(outcome: Outcome): void {
  if (!('problems' in outcome)) return;
  expect(outcome.problems.length).toBeGreaterThan(0);
  for (const { path, message } of outcome.problems) {
    expect(message).not.toBe('');
    expect(path).toMatch(/^(\/|$)/);
  }
}

test('every JSON message that a connector reads is tried here', () => {
  expect(estateKnows).toHaveLength(5);
  expect(orders.filter(({ fixture }) => fixture === undefined).map(({ name }) => name)).toEqual([]);
  expect(messages.filter(({ fixture }) => fixture === undefined).map(({ name }) => name)).toEqual([]);
});

describe.each(parsers)('$name', ({ fixture, run }) => {
  test('reads the sound document', () => {
    expect(run(bytesOf(fixture))).not.toHaveProperty('problems');
  });

  test('never breaks on bytes and documents of any kind', () => {
    const document = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(document, (bytes) => expectSaid(run(bytes))),
      { numRuns: runs },
    );
  });

  test('says what is wrong with a sound document that was spoilt', () => {
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('', ' ', '\u0000', '-1', '1e999', '0.1.2', 'NaN', '__proto__', '9'.repeat(400), -1, 1e21, 0.5),
    );
    const places = fc.array(fc.tuple(fc.constantFrom(...leaves(fixture)), odd), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(places, (changes) => {
        const document = changes.reduce<unknown>((now, [path, value]) => spoilt(now, path, value), fixture);
        expectSaid(run(bytesOf(document)));
      }),
      { numRuns: runs },
    );
  });

  // What is read is refused when it makes no sense; what nobody reads changes nothing.
  test('takes nothing senseless silently', () => {
    const sound = run(bytesOf(fixture));
    const silent = leaves(fixture).filter((path) => {
      const outcome = run(bytesOf(spoilt(fixture, path, { senseless: [true] })));
      if ('problems' in outcome) return false;
      const same = (other: Outcome) => JSON.stringify(other) === JSON.stringify(outcome);
      return !same(sound) && !same(run(bytesOf(spoilt(fixture, path))));
    });
    expect(silent.map((path) => path.join('/'))).toEqual([]);
  });
});
