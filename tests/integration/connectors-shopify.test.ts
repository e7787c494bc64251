import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Order } from '#contracts/v1/order.ts';
import { failureOf, parcel, TestConnectors } from '#tests/support/connectors.ts';

/** Orders, payments and stock of a shop, also where its answer is lost. */
let vendors: TestConnectors;
beforeAll(async () => {
  vendors = await TestConnectors.start();
});
afterEach(() => vendors.simulator.conditions.clearFaults());
afterAll(() => vendors.close());

describe('Shopify', () => {
  const shop = (order: Order) => vendors.find('shopify-us', 'orders', 'id', order.external_id)[0];

  test('an order is acknowledged with our key, and what the shop wrote on it stays', async () => {
    const order = vendors.placed();
    const orderKey = `shopify-us==${order.external_id}`;
    const verb = vendors.verbOf('shopify-us', 'acknowledge_order');
    expect(await verb.find?.({ order, orderKey }, vendors.sendTo('shopify-us'))).toBeUndefined();
    await vendors.perform('shopify-us', verb, { order, orderKey });
    const answer = await vendors.sendTo('shopify-us')({
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
    expect(await vendors.loseAnswerAndFind('shopify-us', verb, { order, orderKey })).toEqual({
      acknowledgedId: order.external_id,
    });
  });

  test('two equal captures of one authorisation are told apart, and a lost one is found', async () => {
    const order = vendors.placed();
    const verb = vendors.verbOf('shopify-us', 'capture_payment');
    const capture = (captureKey: string, capturedBefore: string[], final: boolean) => ({
      order,
      reference: order.external_id,
      captureKey,
      amount: '44.04',
      currency: 'USD',
      final,
      capturedBefore,
    });
    const first = await vendors.perform('shopify-us', verb, capture('a', [], false));
    const second = capture('b', [first.captureId], true);
    expect(await verb.find?.(second, vendors.sendTo('shopify-us'))).toBeUndefined();
    const found = await vendors.loseAnswerAndFind('shopify-us', verb, second);
    expect(found.captureId).not.toBe(first.captureId);
    expect(shop(order)).toMatchObject({ captures: ['44.04', '44.04'], captured: '88.08', refused_captures: 0 });
  });

  test('more than was authorised is refused with the words of the shop', async () => {
    const order = vendors.placed();
    const input = {
      order,
      reference: '',
      captureKey: 'x',
      amount: '88.09',
      currency: 'USD',
      final: true,
      capturedBefore: [],
    };
    expect(
      await failureOf(vendors.perform('shopify-us', vendors.verbOf('shopify-us', 'capture_payment'), input)),
    ).toMatchObject({
      errorClass: 'rejected',
      retryable: false,
      mayHaveHappened: false,
      message: expect.stringContaining('exceeds the authorized amount') as string,
    });
  });

  test('an authorisation is voided once', async () => {
    const order = vendors.placed();
    const verb = vendors.verbOf('shopify-us', 'void_authorization');
    const input = { order, reference: order.external_id, voidKey: 'v' };
    expect(await verb.find?.(input, vendors.sendTo('shopify-us'))).toBeUndefined();
    await vendors.loseAnswerAndFind('shopify-us', verb, input);
    expect(shop(order)).toMatchObject({ voided: true, captures: [] });
  });

  test('parcels become fulfilments of their lines, and a lost one is found by its tracking number', async () => {
    const order = vendors.placed();
    const verb = vendors.verbOf('shopify-us', 'create_fulfilment');
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
    await vendors.perform('shopify-us', verb, { order, shipment: one });
    expect(await verb.find?.({ order, shipment: two }, vendors.sendTo('shopify-us'))).toBeUndefined();
    await vendors.loseAnswerAndFind('shopify-us', verb, { order, shipment: two });
    expect(shop(order)).toMatchObject({ fulfilments: [{ tracking_number: 'T1' }, { tracking_number: 'two' }] });
    expect(await failureOf(vendors.perform('shopify-us', verb, { order, shipment: two }))).toMatchObject({
      code: 'NOT_FULFILLABLE',
      mayHaveHappened: false,
    });
  });

  test('an order is cancelled, and found cancelled', async () => {
    const order = vendors.placed();
    const verb = vendors.verbOf('shopify-us', 'cancel_order');
    await vendors.loseAnswerAndFind('shopify-us', verb, { order, reason: 'out of stock' });
    expect(shop(order)).toMatchObject({ cancelled: true });
  });

  test('availability is shown in absolute quantities; what the shop does not carry is left out', async () => {
    const [item] = vendors.simulator.catalogue.items;
    const sku = item?.sku ?? '';
    const items = [
      { sku, location: 'dc-east', quantity: 17 },
      { sku, location: 'dc-west', quantity: 0 },
      { sku: 'NO-SUCH-SKU', location: 'dc-east', quantity: 3 },
    ];
    const input = { batchKey: 'batch==1:7', items };
    expect(await vendors.perform('shopify-us', vendors.verbOf('shopify-us', 'publish_availability'), input)).toEqual({
      accepted: 2,
    });
    expect(vendors.find('shopify-us', 'inventory', 'sku', sku)).toMatchObject([
      { location_id: '71000000001', quantity: 17 },
      { location_id: '71000000002', quantity: 0 },
    ]);
  });
});
