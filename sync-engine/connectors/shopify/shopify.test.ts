import { describe, expect, test } from 'vitest';
import { canonicalOrder, shipment } from '#tests/fixtures/canonical-order.ts';
import { systemOf } from '#tests/fixtures/estate.ts';
import { ConnectorError, type Answer, type PreparedCall } from '../connector.ts';
import { createFulfilment } from './fulfilment.ts';
import { publishAvailability } from './inventory.ts';
import { orderVerbs } from './orders.ts';
import { shopifyPayments } from './payments.ts';
import { graphqlRefusal, restRefusal } from './refusal.ts';

const api = '/admin/api/2025-01';
const order = canonicalOrder();
const payments = shopifyPayments(api);
const answer = (body: unknown, status = 200): Answer => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const bodyOf = (call: PreparedCall): unknown => JSON.parse(call.body);
const capture = (changes = {}) => ({
  order,
  reference: order.external_id,
  captureKey: 'k',
  amount: '40.00',
  currency: 'USD',
  final: false,
  capturedBefore: [],
  ...changes,
});
const auth = { id: 11, kind: 'authorization', status: 'success', amount: '138.08', currency: 'USD', parent_id: null };
const captured = { id: 12, kind: 'capture', status: 'success', amount: '40.00', currency: 'USD', parent_id: 11 };
const transactions = (...list: object[]) => answer({ transactions: list });
function detailOf(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof ConnectorError) return error.detail;
    throw error;
  }
  throw new Error('not refused');
}

describe('capturing a Shopify payment', () => {
  test('draws on the authorisation that has enough left', () => {
    const other = { ...auth, id: 20, amount: '500.00' };
    const spent = { ...captured, amount: '120.00' };
    const call = payments.capture_payment.prepare(capture(), transactions(auth, spent, other));
    expect(bodyOf(call)).toEqual({ transaction: { kind: 'capture', amount: '40.00', currency: 'USD', parent_id: 20 } });
    expect(call.path).toBe(`${api}/orders/5882913048619122731/transactions.json`);
  });
  test('keeps a parent id of 64 bits', () => {
    const call = payments.capture_payment.prepare(
      capture(),
      answer(
        '{"transactions":[{"id":820982911946154508,"kind":"authorization","status":"success","amount":"99.00","currency":"USD"}]}',
      ),
    );
    expect(call.body).toContain('"parent_id":820982911946154508');
  });
  test('of a customer who paid in another currency takes the same share, and the last one the rest', () => {
    const euros = { ...auth, amount: '127.03', currency: 'EUR' };
    const first = payments.capture_payment.prepare(capture(), transactions(euros));
    expect(bodyOf(first)).toMatchObject({ transaction: { amount: '36.80', currency: 'EUR' } });
    const last = capture({ amount: '98.08', final: true, capturedBefore: ['12'] });
    const second = payments.capture_payment.prepare(
      last,
      transactions(euros, { ...captured, amount: '36.80', currency: 'EUR' }),
    );
    expect(bodyOf(second)).toMatchObject({ transaction: { amount: '90.23', currency: 'EUR' } });
  });
  test('that failed at the payment provider is refused though Shopify answers 201', () => {
    const failed = answer(
      { transaction: { ...captured, status: 'failure', error_code: 'card_declined', message: 'Declined' } },
      201,
    );
    expect(
      detailOf(() => payments.capture_payment.read(failed, capture(), { method: '', path: '', headers: {}, body: '' })),
    ).toMatchObject({
      errorClass: 'rejected',
      code: 'card_declined',
      message: 'Shopify: Declined',
      path: '/payments',
    });
  });
  test('is found only where it is not one known before', async () => {
    const send = async () =>
      transactions(
        auth,
        captured,
        { ...captured, id: 13, amount: '41.00' },
        { ...captured, id: 14, status: 'failure' },
      );
    expect(await payments.capture_payment.find?.(capture(), send)).toEqual({ captureId: '12' });
    expect(await payments.capture_payment.find?.(capture({ capturedBefore: ['12'] }), send)).toBeUndefined();
    expect(await payments.capture_payment.find?.(capture({ amount: '41.00' }), send)).toEqual({ captureId: '13' });
  });
});

describe('acknowledging and cancelling', () => {
  const { acknowledge_order, cancel_order } = orderVerbs(api);
  test('replaces its own attribute and keeps the others', () => {
    const looked = answer({
      order: {
        id: 1,
        tags: 'a, syncline',
        note_attributes: [
          { name: 'gift', value: 'yes' },
          { name: 'syncline_order_key', value: 'old' },
        ],
      },
    });
    expect(acknowledge_order.prepare({ order, orderKey: 'shop==1' }, looked).body).toBe(
      '{"order":{"id":5882913048619122731,"note_attributes":[{"name":"gift","value":"yes"},{"name":"syncline_order_key","value":"shop==1"}],"tags":"a, syncline"}}',
    );
  });
  test.each([
    ['Customer changed their mind', 'customer'],
    ['out of stock', 'inventory'],
    ['suspected fraud', 'fraud'],
    ['payment declined', 'declined'],
    ['', 'other'],
  ])('"%s" is Shopify’s reason %s', (reason, expected) => {
    expect(bodyOf(cancel_order.prepare({ order, reason }))).toEqual({ reason: expected, email: false });
  });
});

describe('a fulfilment', () => {
  const verb = createFulfilment(api);
  const place = (id: number, line_item_id: number, fulfillable_quantity: number) => ({
    id,
    line_item_id,
    fulfillable_quantity,
  });
  test('is spread over the fulfilment orders that are open', () => {
    const looked = answer({
      fulfillment_orders: [
        { id: 1, status: 'closed', line_items: [place(101, 11, 2)] },
        { id: 2, status: 'open', line_items: [place(201, 11, 1)] },
        { id: 3, status: 'in_progress', line_items: [place(301, 11, 5), place(302, 12, 1)] },
      ],
    });
    const parcel = shipment({
      lines: [
        { line_id: '11', sku: 'A', quantity: 3 },
        { line_id: '12', sku: 'B', quantity: 1 },
      ],
    });
    expect(bodyOf(verb.prepare({ order, shipment: parcel }, looked))).toEqual({
      fulfillment: {
        line_items_by_fulfillment_order: [
          { fulfillment_order_id: 2, fulfillment_order_line_items: [{ id: 201, quantity: 1 }] },
          {
            fulfillment_order_id: 3,
            fulfillment_order_line_items: [
              { id: 301, quantity: 2 },
              { id: 302, quantity: 1 },
            ],
          },
        ],
        tracking_info: { number: '1Z999AA10123456784', company: 'UPS' },
        notify_customer: false,
      },
    });
  });
  test('of more than is open is not sent', () => {
    const looked = answer({ fulfillment_orders: [{ id: 2, status: 'open', line_items: [] }] });
    expect(detailOf(() => verb.prepare({ order, shipment: shipment() }, looked))).toMatchObject({
      code: 'NOT_FULFILLABLE',
      mayHaveHappened: false,
    });
  });
  test('is found by tracking number, lines and quantities together', async () => {
    const made = {
      id: 9,
      status: 'success',
      tracking_number: '1Z999AA10123456784',
      line_items: [{ id: 11, quantity: 1 }],
    };
    const findIn = (...fulfillments: object[]) =>
      verb.find?.({ order, shipment: shipment() }, async () => answer({ fulfillments }));
    expect(await findIn(made)).toEqual({ fulfilmentId: '9' });
    expect(await findIn({ ...made, tracking_number: 'other' })).toBeUndefined();
    expect(await findIn({ ...made, line_items: [{ id: 11, quantity: 2 }] })).toBeUndefined();
    expect(await findIn({ ...made, status: 'cancelled' })).toBeUndefined();
  });
});

describe('publishing availability', () => {
  const verb = publishAvailability(api, systemOf('shopify').settings);
  const input = {
    batchKey: 'b==1',
    items: [
      { sku: 'A', location: 'dc-one', quantity: 4 },
      { sku: 'B', location: 'dc-one', quantity: 1 },
    ],
  };
  const looked = answer({
    data: {
      inventoryItems: {
        nodes: [
          { id: 'gid://shopify/InventoryItem/1', sku: 'A' },
          { id: 'gid://shopify/InventoryItem/2', sku: 'AB' },
        ],
      },
    },
  });
  test('looks the items up by SKU and sets those the shop carries', () => {
    expect(bodyOf(verb.before?.(input) ?? { method: '', path: '', headers: {}, body: '{}' })).toMatchObject({
      variables: { query: 'sku:"A" OR sku:"B"' },
    });
    const call = verb.prepare(input, looked);
    expect(bodyOf(call)).toMatchObject({
      variables: {
        input: {
          name: 'available',
          ignoreCompareQuantity: true,
          referenceDocumentUri: 'gid://syncline/Publication/b%3D%3D1',
          quantities: [
            {
              inventoryItemId: 'gid://shopify/InventoryItem/1',
              locationId: 'gid://shopify/Location/71000000001',
              quantity: 4,
            },
          ],
        },
      },
    });
    expect(verb.read(answer({ data: { inventorySetQuantities: { userErrors: [] } } }), input, call)).toEqual({
      accepted: 1,
    });
  });
  test('says what the shop refused', () => {
    const call = verb.prepare(input, looked);
    const refused = answer({
      data: {
        inventorySetQuantities: {
          userErrors: [{ code: 'INVALID_LOCATION', field: ['input', 'quantities'], message: 'No.' }],
        },
      },
    });
    expect(detailOf(() => verb.read(refused, input, call))).toMatchObject({
      errorClass: 'rejected',
      code: 'INVALID_LOCATION',
    });
  });
  test('of nothing the shop carries, or to a place it does not know, is not sent', () => {
    expect(
      detailOf(() => verb.prepare({ ...input, items: [{ sku: 'Z', location: 'dc-one', quantity: 1 }] }, looked)),
    ).toMatchObject({ code: 'UNKNOWN_ITEMS' });
    expect(
      detailOf(() => verb.prepare({ ...input, items: [{ sku: 'A', location: 'moon', quantity: 1 }] }, looked)),
    ).toMatchObject({ code: 'UNKNOWN_LOCATION' });
  });
});

describe('Shopify’s refusals', () => {
  test.each([
    ['{"errors":"Not Found"}', 'Shopify: Not Found'],
    ['{"errors":["a","b"]}', 'Shopify: a; b'],
    ['{"errors":{"base":["too much"],"amount":"is wrong"}}', 'Shopify: base: too much; amount: is wrong'],
    ['{"error":"Cannot cancel"}', 'Shopify: Cannot cancel'],
    ['<html>', 'The system answered with status 422.'],
  ])('%s', (body, message) => {
    expect(restRefusal(answer(body, 422))?.detail).toMatchObject({ errorClass: 'rejected', message });
  });
  test('a throttled query waits until the bucket has refilled', () => {
    const body = {
      errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
      extensions: { cost: { requestedQueryCost: 500, throttleStatus: { currentlyAvailable: 100, restoreRate: 50 } } },
    };
    expect(graphqlRefusal(answer(body))?.detail).toMatchObject({
      errorClass: 'throttled',
      retryAfterMs: 8000,
      mayHaveHappened: false,
    });
  });
  test.each([
    ['ACCESS_DENIED', 'auth', false],
    ['INTERNAL_SERVER_ERROR', 'unavailable', true],
    ['undefinedField', 'rejected', false],
  ])('GraphQL %s is %s', (code, errorClass, retryable) => {
    expect(graphqlRefusal(answer({ errors: [{ message: 'x', extensions: { code } }] }))?.detail).toMatchObject({
      errorClass,
      retryable,
    });
  });
  test('no errors are no refusal', () => {
    expect(graphqlRefusal(answer({ data: {} }))).toBeUndefined();
  });
});
