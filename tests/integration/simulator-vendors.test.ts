import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '#simulator/create-simulator.ts';
import { createCheckout } from '#simulator/traffic/checkout.ts';
import { channelProfiles } from '#simulator/traffic/profiles.ts';
import { buildShopifyOrder, type ShopifyOrder } from '#simulator/shopify-order.ts';
import { createRandom } from '#simulator/random.ts';
import { listAt } from '#simulator/vendors/vendor.ts';
import { callVendor, valueAt } from '#tests/support/vendor-call.ts';
import { controlToken, startSimulator, testEstate, testSecret } from '#tests/support/simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const call = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  callVendor(simulator.url + path, method, headers, body);

const shopAuth = { 'x-shopify-access-token': testSecret('SHOPIFY_US_TOKEN') };
const api = '/shopify-us/admin/api/2025-01';
const erpAuth = { authorization: `Bearer ${testSecret('NETSUITE_TOKEN')}` };
const records = '/netsuite/services/rest/record/v1';

/** An order placed in the US shop, known to the simulated shop as one. */
function placed(seed: string): ShopifyOrder {
  const profile = channelProfiles(testEstate()).find(({ market }) => market === 'us');
  if (profile === undefined) throw new Error('the estate has no US channel');
  let last = Date.now() * 10;
  const checkout = createCheckout(simulator.catalogue, createRandom(seed), () => ++last);
  const draft = checkout.draft(profile, 10_001, new Date());
  const order = buildShopifyOrder({ ...draft, giftCents: 0 }, 'northwind-lane-us.myshopify.com');
  simulator.placeOrder('shopify-us', JSON.stringify(order));
  return order;
}

describe('the simulated Shopify shop', () => {
  it('refuses a wrong token and an unknown order as Shopify does', async () => {
    const refused = await call('GET', `${api}/orders/1.json`, { 'x-shopify-access-token': 'wrong' });
    expect([refused.status, refused.at('errors')]).toEqual([401, expect.stringContaining('Invalid API key')]);
    const unknown = await call('GET', `${api}/orders/abc.json`, shopAuth);
    expect([unknown.status, unknown.body]).toEqual([404, { errors: 'Not Found' }]);
  });

  it('answers the order that was placed and keeps tags and attributes that are put', async () => {
    const order = placed('shop read');
    const read = await call('GET', `${api}/orders/${order.id}.json`, shopAuth);
    expect(read.at('order')).toMatchObject({ id: order.id, total_price: order.total_price, name: order.name });
    await call('PUT', `${api}/orders/${order.id}.json`, shopAuth, {
      order: { id: order.id, tags: 'syncline', note_attributes: [{ name: 'key', value: 'k' }] },
    });
    const fields = await call('GET', `${api}/orders/${order.id}.json?fields=id,tags,note_attributes`, shopAuth);
    expect(fields.at('order')).toEqual({
      id: order.id,
      tags: 'syncline',
      note_attributes: [{ name: 'key', value: 'k' }],
    });
  });

  it('captures in parts up to what was authorised and refuses more', async () => {
    const order = placed('shop capture');
    const path = `${api}/orders/${order.id}/transactions.json`;
    const authorization = (await call('GET', path, shopAuth)).at('transactions.0');
    const authorizationId = valueAt(authorization, 'id');
    expect(authorization).toMatchObject({ kind: 'authorization', status: 'success', amount: order.total_price });
    const capture = (amount: string) =>
      call('POST', path, shopAuth, { transaction: { kind: 'capture', amount, parent_id: authorizationId } });
    const first = await capture('1.00');
    expect([first.status, first.at('transaction.parent_id')]).toEqual([201, authorizationId]);
    const rest = (Number(order.total_price) - 1).toFixed(2);
    expect((await capture(rest)).status).toBe(201);
    const tooMuch = await capture('0.01');
    expect([tooMuch.status, tooMuch.at('errors.base.0')]).toEqual([422, expect.stringContaining('exceeds')]);
    expect((await call('POST', path, shopAuth, { transaction: { kind: 'void' } })).status).toBe(422);
  });

  it('fulfils the lines of a fulfilment order once', async () => {
    const order = placed('shop fulfil');
    const orders = await call('GET', `${api}/orders/${order.id}/fulfillment_orders.json`, shopAuth);
    const open = orders.at('fulfillment_orders.0');
    const lines = listAt(open, 'line_items');
    expect(open).toMatchObject({ status: 'open', order_id: order.id });
    expect(lines.map((line) => line['line_item_id'])).toEqual(order.line_items.map(({ id }) => id));
    const body = {
      fulfillment: {
        line_items_by_fulfillment_order: [
          {
            fulfillment_order_id: valueAt(open, 'id'),
            fulfillment_order_line_items: lines.map(({ id, quantity }) => ({ id, quantity })),
          },
        ],
        tracking_info: { number: '1Z999', company: 'UPS' },
      },
    };
    const made = await call('POST', `${api}/fulfillments.json`, shopAuth, body);
    expect([made.status, made.at('fulfillment.tracking_number')]).toEqual([201, '1Z999']);
    expect((await call('POST', `${api}/fulfillments.json`, shopAuth, body)).status).toBe(422);
    const closed = await call('GET', `${api}/orders/${order.id}/fulfillment_orders.json`, shopAuth);
    expect(closed.at('fulfillment_orders.0.status')).toBe('closed');
  });

  it('sets quantities of items found by SKU and reports the cost', async () => {
    const sku = simulator.catalogue.items[3]?.sku ?? '';
    const found = await call('POST', `${api}/graphql.json`, shopAuth, {
      query: 'query Find($query: String!) { inventoryItems(first: 250, query: $query) { nodes { id sku } } }',
      variables: { query: `sku:"${sku}"` },
    });
    expect(found.at('data.inventoryItems.nodes.0.sku')).toBe(sku);
    const inventoryItemId = found.at('data.inventoryItems.nodes.0.id');
    const set = (locationId: string) =>
      call('POST', `${api}/graphql.json`, shopAuth, {
        query:
          'mutation Set($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) { userErrors { code } } }',
        variables: {
          input: {
            name: 'available',
            reason: 'correction',
            ignoreCompareQuantity: true,
            quantities: [{ inventoryItemId, locationId, quantity: 7 }],
          },
        },
      });
    const done = await set('gid://shopify/Location/71000000001');
    expect(done.at('data.inventorySetQuantities.userErrors')).toEqual([]);
    expect(done.at('extensions.cost.throttleStatus.maximumAvailable')).toBe(20_000);
    const wrong = await set('gid://shopify/Location/1');
    expect(wrong.at('data.inventorySetQuantities.userErrors.0.code')).toBe('INVALID_LOCATION');
  });

  it('keeps every digit of an id that JSON numbers cannot hold', async () => {
    simulator.placeOrder(
      'shopify-us',
      '{"id":820982911946154508,"total_price":"5.00","line_items":[{"id":866550311766439020,"sku":"X","quantity":1}]}',
    );
    const answer = await fetch(`${simulator.url}${api}/orders/820982911946154508/fulfillment_orders.json`, {
      headers: shopAuth,
    });
    expect(await answer.text()).toContain('"line_item_id":866550311766439020');
  });
});

describe('the simulated NetSuite', () => {
  const body = () => ({
    entity: { id: '1101' },
    subsidiary: { id: '2' },
    currency: { refName: 'USD' },
    item: { items: [{ item: { externalId: simulator.catalogue.active[0]?.sku }, quantity: 2, rate: 10, amount: 20 }] },
    taxDetails: { items: [{ taxCode: { externalId: 'NY-STATE' }, taxAmount: 0.8 }] },
    shippingCost: 5,
  });

  it('upserts a sales order by external id, invoices it once, and makes no second document of a repeat', async () => {
    const path = `${records}/salesOrder/eid:${encodeURIComponent('so:1')}`;
    const first = await call('PUT', path, erpAuth, body());
    const again = await call('PUT', path, erpAuth, body());
    expect([first.status, again.status]).toEqual([204, 204]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const id = first.headers.get('location')?.split('/').at(-1);
    const read = await call('GET', path, erpAuth);
    expect(read.body).toMatchObject({ id, externalId: 'so:1', total: 25.8, orderStatus: { id: 'B' } });

    const invoice = (key: string) => call('PUT', `${records}/invoice/eid:${key}`, erpAuth, { createdFrom: { id } });
    expect((await invoice('inv-1')).status).toBe(204);
    expect((await invoice('inv-1')).status).toBe(204);
    const second = await invoice('inv-2');
    expect([second.status, second.at('o:errorDetails.0.o:errorPath')]).toEqual([400, 'createdFrom']);
    const state = simulator.state('netsuite')['netsuite'];
    expect(state?.['invoices']).toEqual([
      expect.objectContaining({ externalId: 'inv-1', createdFrom: id, total: 25.8 }),
    ]);
  });

  it('names the line whose tax code or item it does not know', async () => {
    const put = (change: object) => call('PUT', `${records}/salesOrder/eid:bad`, erpAuth, { ...body(), ...change });
    const tax = await put({ taxDetails: { items: [{ taxCode: { externalId: 'NOPE' }, taxAmount: 1 }] } });
    expect([tax.status, tax.at('o:errorDetails.0')]).toEqual([
      400,
      expect.objectContaining({ 'o:errorCode': 'USER_ERROR', 'o:errorPath': 'taxDetails.items[0].taxCode' }),
    ]);
    const inactive = simulator.catalogue.inactive[0]?.sku;
    const item = await put({ item: { items: [{ item: { externalId: inactive }, quantity: 1, amount: 1 }] } });
    expect(item.at('o:errorDetails.0.detail')).toMatch(/inactive/);
    expect((await call('GET', `${records}/salesOrder/eid:bad`, erpAuth)).status).toBe(404);
  });

  it('cancels a sales order, which then cannot be invoiced', async () => {
    const made = await call('PUT', `${records}/salesOrder/eid:so-cancel`, erpAuth, body());
    const id = made.headers.get('location')?.split('/').at(-1);
    expect((await call('PATCH', `${records}/salesOrder/${id}`, erpAuth, { orderStatus: { id: 'C' } })).status).toBe(
      204,
    );
    expect((await call('GET', `${records}/salesOrder/${id}`, erpAuth)).at('orderStatus.id')).toBe('C');
    expect((await call('PUT', `${records}/invoice/eid:late`, erpAuth, { createdFrom: { id } })).status).toBe(400);
  });

  it('is down during maintenance and up afterwards', async () => {
    const control = (seconds: number) =>
      call('POST', '/_sim/maintenance', { 'x-sim-token': controlToken }, { system: 'netsuite', seconds });
    await control(60);
    const down = await call('GET', `${records}/salesOrder/1`, erpAuth);
    expect([down.status, down.headers.get('retry-after')]).toEqual([503, '30']);
    await control(0);
    expect((await call('GET', `${records}/salesOrder/1`, erpAuth)).status).toBe(404);
  });
});

describe('the simulated payment, tax and fraud services', () => {
  const auth = { authorization: `Bearer ${testSecret('STRIPE_KEY')}` };
  const capture = async (id: string, key: string, form: Record<string, string>) =>
    call(
      'POST',
      `/stripe/v1/payment_intents/${id}/capture`,
      { ...auth, 'idempotency-key': key, 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams(form).toString(),
    );

  it('replays the answer of an idempotency key and captures no more than was authorised', async () => {
    simulator.systems.stripes.get('stripe')?.authorise('pi_test1', 5000, 'GBP');
    const first = await capture('pi_test1', 'k1', {
      amount_to_capture: '2000',
      final_capture: 'false',
      'metadata[m]': '20',
    });
    const again = await capture('pi_test1', 'k1', {
      amount_to_capture: '2000',
      final_capture: 'false',
      'metadata[m]': '20',
    });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({ status: 'requires_capture', amount_received: 2000, metadata: { m: '20' } });
    expect((await capture('pi_test1', 'k1', { amount_to_capture: '1' })).at('error.type')).toBe('idempotency_error');
    expect((await capture('pi_test1', 'k2', { amount_to_capture: '3001' })).at('error.code')).toBe('amount_too_large');
    const last = await capture('pi_test1', 'k3', { amount_to_capture: '3000', final_capture: 'true' });
    expect(last.at('status')).toBe('succeeded');
    expect((await capture('pi_test1', 'k4', {})).at('error.code')).toBe('payment_intent_unexpected_state');
  });

  it('quotes the destination rate and decides every order once', async () => {
    const tax = await call(
      'POST',
      '/taxjar/v2/taxes',
      { authorization: `Bearer ${testSecret('TAXJAR_TOKEN')}` },
      {
        to_country: 'US',
        to_state: 'NY',
        to_zip: '10003',
        amount: 100,
        shipping: 0,
      },
    );
    expect(tax.at('tax')).toMatchObject({ rate: 0.085, amount_to_collect: 8.5 });
    const fraudAuth = { authorization: `Basic ${Buffer.from(`${testSecret('SIGNIFYD_KEY')}:`).toString('base64')}` };
    const sale = () => call('POST', '/signifyd/v3/orders/events/sales', fraudAuth, { orderId: 'o1', purchase: {} });
    const [first, second] = [await sale(), await sale()];
    expect(first.at('decision.checkpointAction')).toBe('ACCEPT');
    expect(second.at('signifydId')).toBe(first.at('signifydId'));
  });
});

describe('the control interface', () => {
  it('asks for its token and strikes with the faults it is told', async () => {
    expect((await call('GET', '/_sim/summary', {})).status).toBe(401);
    const set = (fault: string, probability: number) =>
      call('POST', '/_sim/faults', { 'x-sim-token': controlToken }, { system: 'taxjar', fault, probability });
    const ask = () =>
      call(
        'POST',
        '/taxjar/v2/taxes',
        { authorization: `Bearer ${testSecret('TAXJAR_TOKEN')}` },
        { to_country: 'US', shipping: 0, amount: 1 },
      );
    await set('error', 1);
    expect((await ask()).status).toBe(500);
    await set('error', 0);
    await set('throttle', 1);
    expect((await ask()).headers.get('retry-after')).toBe('2');
    await set('throttle', 0);
    const before = Number(simulator.summary().systems['taxjar']?.['quotes']);
    await set('lost_answer', 1);
    await expect(ask()).rejects.toThrow();
    await set('lost_answer', 0);
    expect(simulator.summary().systems['taxjar']?.['quotes']).toBe(before + 1);
  });
});
