import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { smallEstate, systemOf } from '#tests/fixtures/estate.ts';
import { parseExactJson } from '#platform/exact-json.ts';
import type { Refund } from '../returns/refund.ts';
import { readReturnFeed } from './channel-api/return-feed.ts';
import type { Answer, PreparedCall } from './connector.ts';
import { ConnectorError } from './connector.ts';
import { creditMemoRecord } from './netsuite/credit-memo.ts';
import { readReturn } from './rest-wms/return.ts';
import { readRefund } from './shopify/refund-webhook.ts';
import { recordRefund, refundPayment } from './shopify/refund.ts';
import { stripeServices } from './stripe/client.ts';
import type { MessageContext } from './topics.ts';

const order = canonicalOrder();
const refund: Refund = {
  currency: 'USD',
  lines: [
    {
      line_id: '11',
      sku: 'TOTE-MOSS',
      quantity: 1,
      net: '27.00',
      taxes: [
        { code: 'State Tax', rate: '0.04', amount: '1.08' },
        { code: 'City Tax', rate: '0.045', amount: '1.22' },
      ],
      duties: '1.25',
    },
  ],
  shipping: { net: '5.00', taxes: [{ code: 'State Tax', rate: '0.04', amount: '0.20' }] },
  adjustment: '-0.01',
  total: '35.74',
};
const input = {
  order,
  refund,
  reference: 'pi_1',
  refundKey: 'ref-shop==return-1',
  returnNumber: 'RMA-1',
  amount: '35.74',
  currency: 'USD',
  taken: '138.08',
};
const answer = (body: unknown, status = 200): Answer => ({ status, headers: {}, body: JSON.stringify(body) });
const bodyOf = (call: PreparedCall) => parseExactJson(call.body) as { refund: Record<string, unknown> };
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof ConnectorError) return error.detail.code;
    throw error;
  }
  return '';
};

describe('a refund at Stripe', () => {
  const { refund_payment } = stripeServices(systemOf('stripe', { api_version: '2024-06-20' }));

  test('is of smallest units, under its own key, which it carries too', () => {
    const call = refund_payment.prepare(input);
    expect(call).toMatchObject({
      method: 'POST',
      path: '/v1/refunds',
      headers: { 'idempotency-key': input.refundKey },
    });
    expect(Object.fromEntries(new URLSearchParams(call.body))).toMatchObject({
      payment_intent: 'pi_1',
      amount: '3574',
      'metadata[syncline_refund]': input.refundKey,
    });
  });

  test('is looked for page by page, and one that failed is none', async () => {
    const pages = [
      { data: [{ id: 're_1', metadata: { syncline_refund: input.refundKey }, status: 'failed' }], has_more: true },
      { data: [{ id: 're_2', metadata: { syncline_refund: input.refundKey }, status: 'succeeded' }], has_more: false },
    ];
    const asked: string[] = [];
    const send = async (call: PreparedCall) => {
      asked.push(call.path);
      return answer(pages[asked.length - 1]);
    };
    expect(await refund_payment.find?.(input, send)).toEqual({ refundId: 're_2' });
    expect(asked[1]).toContain('starting_after=re_1');
    expect(await refund_payment.find?.(input, async () => answer({ data: [], has_more: false }))).toBeUndefined();
  });

  test('that the bank refuses is refused', () => {
    const failed = answer({ id: 're_1', status: 'failed', failure_reason: 'expired_or_canceled_card' });
    expect(codeOf(() => refund_payment.read(failed, input, refund_payment.prepare(input)))).toBe(
      'expired_or_canceled_card',
    );
  });
});

describe('a refund in a Shopify shop', () => {
  const verb = refundPayment('/admin/api/2025-01');
  const transaction = (id: number, kind: string, amount: string, more: object = {}) => ({
    id,
    kind,
    status: 'success',
    amount,
    currency: 'USD',
    gateway: 'shopify_payments',
    ...more,
  });
  const transactions = (...list: object[]) => answer({ transactions: list });

  test('names the lines, the postage and the payments that give back, gift cards last', () => {
    const call = verb.prepare(
      input,
      transactions(
        transaction(1, 'sale', '20.00', { gateway: 'gift_card' }),
        transaction(2, 'authorization', '118.08'),
        transaction(3, 'capture', '50.00', { parent_id: 2 }),
        transaction(4, 'refund', '30.00', { parent_id: 3 }),
      ),
    );
    expect(call).toMatchObject({ method: 'POST', path: `/admin/api/2025-01/orders/${order.external_id}/refunds.json` });
    expect(bodyOf(call).refund).toEqual({
      currency: 'USD',
      notify: false,
      note: `Return RMA-1 [${input.refundKey}]`,
      shipping: { amount: '5.20' },
      refund_line_items: [{ line_item_id: '11', quantity: '1', restock_type: 'no_restock' }],
      transactions: [
        { parent_id: '3', amount: '20.00', kind: 'refund', gateway: 'shopify_payments' },
        { parent_id: '1', amount: '15.74', kind: 'refund', gateway: 'gift_card' },
      ],
    });
  });

  test('of more than the payments have left is not sent', () => {
    expect(codeOf(() => verb.prepare(input, transactions(transaction(3, 'capture', '10.00'))))).toBe('NOT_REFUNDABLE');
  });

  test('gives a customer who paid in another currency the same share of it', () => {
    const paid = transaction(3, 'capture', '276.16', { currency: 'CAD' });
    expect(bodyOf(verb.prepare(input, transactions(paid))).refund).toMatchObject({
      currency: 'CAD',
      shipping: { amount: '10.40' },
      transactions: [{ amount: '71.48' }],
    });
  });

  test('is found by its note, and without money where payments are taken elsewhere', async () => {
    const made = { id: 9, order_id: 1, created_at: '2026-03-01T00:00:00Z', note: `Return RMA-1 [${input.refundKey}]` };
    const other = { ...made, id: 8, note: 'by hand' };
    expect(await verb.find?.(input, async () => answer({ refunds: [other, made] }))).toEqual({
      refundId: '9',
      payments: [],
    });
    expect(await verb.find?.(input, async () => answer({ refunds: [other] }))).toBeUndefined();
    const call = recordRefund('/api').prepare(input);
    expect(bodyOf(call).refund['transactions']).toEqual([]);
  });
});

test('a credit memo in NetSuite is of exactly what was given back', () => {
  const { body, itemOrigins, taxOrigins } = creditMemoRecord(
    {
      ...{ order, refund, returnNumber: 'RMA-1', invoiceId: '77', subsidiary: '2', location: 'dc-one' },
      ...{ postingKey: 'cm-1', creditedAt: '2026-03-01T09:00:00.000Z' },
      taxCodes: { 'State Tax': 'TX1', 'City Tax': 'TX2' },
    },
    systemOf('netsuite').settings,
  );
  const text = JSON.parse(
    JSON.stringify(body, (_, value: unknown) => (isExact(value) ? Number(value.value) : value)),
  ) as {
    createdFrom: unknown;
    shippingCost: number;
    item: { items: { amount: number }[] };
    taxDetails: { items: { taxAmount: number }[] };
  };
  expect(text.createdFrom).toEqual({ id: '77' });
  const sum =
    text.shippingCost +
    text.item.items.reduce((all, { amount }) => all + amount, 0) +
    text.taxDetails.items.reduce((all, { taxAmount }) => all + taxAmount, 0);
  expect(sum.toFixed(2)).toBe(refund.total);
  expect(itemOrigins).toEqual(['/lines/0', '/lines/0/duties', '/adjustment']);
  expect(taxOrigins).toEqual(['/lines/0/taxes/0/code', '/lines/0/taxes/1/code', '/shipping/0/taxes/0/code']);
});

test('a credit memo of postage alone has it as a row, without which NetSuite books nothing', () => {
  const { body, itemOrigins, taxOrigins } = creditMemoRecord(
    {
      ...{ order, returnNumber: 'R-2', invoiceId: '77', subsidiary: '2', location: 'dc-one', postingKey: 'cm-2' },
      refund: { ...refund, lines: [], adjustment: '0.00', total: '5.20' },
      creditedAt: '2026-03-01T09:00:00.000Z',
      taxCodes: { 'State Tax': 'TX1', 'City Tax': 'TX2' },
    },
    systemOf('netsuite').settings,
  );
  const text = JSON.stringify(body, (_, value: unknown) => (isExact(value) ? Number(value.value) : value));
  expect(JSON.parse(text)).toMatchObject({
    shippingCost: 0,
    item: { items: [{ item: { externalId: 'syncline-shipping' }, amount: 5, taxDetailsReference: 'shipping-0' }] },
    taxDetails: { items: [{ taxDetailsReference: 'shipping-0', taxAmount: 0.2 }] },
  });
  expect(itemOrigins).toEqual(['/shipping/0']);
  expect(taxOrigins).toEqual(['/shipping/0/taxes/0/code']);
});

const isExact = (value: unknown): value is { value: string } =>
  typeof value === 'object' && value !== null && 'isLosslessNumber' in value;

const context = (system: string): MessageContext => ({
  estate: smallEstate,
  system,
  headers: {
    'syncline-system': system,
    'syncline-topic': 't',
    'syncline-received-at': '2026-03-01T00:00:00.000Z',
    'syncline-origin': 'live',
  },
  mapping: () => undefined,
});
const bytes = (document: unknown) => new TextEncoder().encode(JSON.stringify(document));

describe('what a shop tells of a refund', () => {
  const sent = {
    id: 509562969,
    order_id: 450789469,
    created_at: '2026-03-01T09:30:00-05:00',
    note: 'it broke',
    refund_line_items: [
      {
        id: 1,
        line_item_id: 703073504,
        quantity: 1,
        location_id: 71000000001,
        restock_type: 'return',
        subtotal: '195.67',
        total_tax: '3.98',
      },
    ],
    order_adjustments: [{ id: 2, amount: '-9.00', tax_amount: '-0.90', kind: 'shipping_refund' }],
    transactions: [
      { id: 3, kind: 'refund', status: 'success', amount: '209.55', currency: 'USD' },
      { id: 4, kind: 'refund', status: 'failure', amount: '1.00', currency: 'USD' },
    ],
  };

  test('is what was given, and where the goods are', () => {
    expect(readRefund(bytes(sent), context('shop'))).toEqual({
      message: {
        number: '509562969',
        orderKey: 'shop==450789469',
        orderPath: '/order_id',
        at: '2026-03-01T14:30:00.000Z',
        lines: [
          {
            line_id: '703073504',
            quantity: 1,
            reason_code: 'other',
            condition: 'unknown',
            disposition: 'restock',
            path: '/refund_line_items/0',
          },
        ],
        received: {
          at: '2026-03-01T14:30:00.000Z',
          location: 'dc-one',
          system: 'shop',
          version: Date.parse('2026-03-01T14:30:00.000Z'),
        },
        given: {
          currencies: [{ code: 'USD', path: '/transactions/0/currency' }],
          lines: [{ line_id: '703073504', quantity: 1, net: '195.67', tax: '3.98' }],
          payments: [{ reference: '3', amount: '209.55' }],
          shipping: { net: '9.00', tax: '0.90' },
          total: '209.55',
        },
      },
    });
  });

  test('of units that were never to leave belongs to a cancellation, unless others came back with them', () => {
    const [line] = sent.refund_line_items;
    const of = (...types: string[]) => {
      const lines = types.map((restock_type) => ({ ...line, restock_type, location_id: null }));
      const read = readRefund(bytes({ ...sent, refund_line_items: lines }), context('shop'));
      return 'message' in read ? read.message.cancels : read;
    };
    expect(of('cancel', 'cancel')).toBe(true);
    expect(of('cancel', 'return')).toBeUndefined();
    expect(of()).toBeUndefined();
  });

  test('counts what the bank has yet to confirm, and names the currency of each payment', () => {
    const [first, failed] = sent.transactions;
    const pending = { id: 5, kind: 'refund', status: 'pending', amount: '1.45', currency: 'CAD' };
    expect(readRefund(bytes({ ...sent, transactions: [failed, first, pending] }), context('shop'))).toMatchObject({
      message: {
        given: {
          total: '211.00',
          payments: [{ reference: '3' }, { reference: '5', amount: '1.45' }],
          currencies: [
            { code: 'USD', path: '/transactions/1/currency' },
            { code: 'CAD', path: '/transactions/2/currency' },
          ],
        },
      },
    });
  });

  test('of a place that is none of ours names it, and one that is ours says so', () => {
    const elsewhere = { ...sent, refund_line_items: sent.refund_line_items.map((one) => ({ ...one, location_id: 5 })) };
    expect(readRefund(bytes(elsewhere), context('shop'))).toMatchObject({
      problems: [{ error_class: 'mapping', path: '/refund_line_items/0/location_id' }],
    });
    const ours = { ...sent, note: 'Return RMA-1 [ref-shop==return-1]' };
    expect(readRefund(bytes(ours), context('shop'))).toMatchObject({
      message: { superseded: expect.any(String) as string },
    });
  });
});

describe('whatever bytes come', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
  );
  test.each([
    ['a shop', readRefund, 'shop'],
    ['a warehouse', readReturn, 'wms-one'],
    ['our own API', readReturnFeed, 'bazaar'],
  ] as const)('from %s are a message or problems, never a crash', (_name, read, system) => {
    fc.assert(
      fc.property(anything, (body) => {
        const result = read(body, context(system));
        expect('message' in result || result.problems.length > 0).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
