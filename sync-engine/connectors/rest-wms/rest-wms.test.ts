import { describe, expect, test } from 'vitest';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { ConnectorError, type Answer } from '../connector.ts';
import { wmsServices } from './client.ts';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { type InboundContext, readDelivery, readShipment, readStockChange } from './inbound.ts';

const { release_order, cancel_release } = wmsServices();
const order = canonicalOrder();
const input = {
  order,
  reference: 'shop==1:dc-one',
  location: 'dc-one',
  lines: [
    { line_id: '12', sku: 'MUG-01', quantity: 1 },
    { line_id: '11', sku: 'TOTE-MOSS', quantity: 2 },
  ],
};
const answer = (status: number, body: unknown): Answer => ({ status, headers: {}, body: JSON.stringify(body) });
const taken = { warehouse_order_id: 'W1', reference: input.reference, status: 'released' };

describe('releasing an order to the warehouse', () => {
  test('puts lines and address under our reference, the same for every attempt', () => {
    const call = release_order.prepare(input);
    expect([call.method, call.path]).toEqual(['PUT', '/orders/shop%3D%3D1%3Adc-one']);
    expect(JSON.parse(call.body)).toEqual({
      order_number: '#1001',
      location: 'dc-one',
      priority: 'standard',
      ordered_at: '2026-02-15T02:05:09.000Z',
      ship_to: {
        name: 'Mara Lindqvist',
        company: 'Harbour Studio',
        line1: '18 Quay Street',
        city: 'Albany',
        region_code: 'NY',
        postal_code: '12207',
        country_code: 'US',
      },
      shipping_method: 'STD',
      lines: [
        { line_id: '12', sku: 'MUG-01', quantity: 1, description: 'Mug' },
        { line_id: '11', sku: 'TOTE-MOSS', quantity: 2, description: 'Oiled Canvas Tote' },
      ],
    });
    expect(release_order.prepare({ ...input }).body).toBe(call.body);
  });
  test.each([
    ['lines.1.sku', '/lines/0/sku'],
    ['lines.0.quantity', '/lines/1/quantity'],
    ['lines.0', '/lines/1'],
    ['lines', '/lines'],
    ['ship_to.postal_code', '/shipping_address'],
    ['other', undefined],
  ])('refused for %s leads to %s of the order', (field, path) => {
    const refusal = answer(422, { error: { code: 'invalid', message: 'No.', field } });
    expect(() => release_order.read(refusal, input, release_order.prepare(input))).toThrow(ConnectorError);
    try {
      release_order.read(refusal, input, release_order.prepare(input));
    } catch (error) {
      expect(error instanceof ConnectorError ? error.detail.path : 'thrown').toBe(path);
    }
  });
  test('is found by reference', async () => {
    expect(await release_order.find?.(input, async () => answer(200, taken))).toEqual({ warehouseOrderId: 'W1' });
    expect(await release_order.find?.(input, async () => answer(404, {}))).toBeUndefined();
  });
});

describe('cancelling a release', () => {
  const wanted = { reference: 'r', location: 'dc-one' };
  test.each([
    [200, { ...taken, status: 'cancelled' }, false],
    [404, { error: { code: 'unknown_order', message: '' } }, false],
    [409, { error: { code: 'already_shipped', message: '' } }, true],
  ])('answered %i', (status, body, shipped) => {
    expect(cancel_release.read(answer(status, body), wanted, cancel_release.prepare(wanted))).toEqual({ shipped });
  });
  test.each([
    ['released', undefined],
    ['cancelled', { shipped: false }],
    ['partially_shipped', { shipped: true }],
    ['delivered', { shipped: true }],
  ])('is looked up: %s', async (status, expected) => {
    expect(await cancel_release.find?.(wanted, async () => answer(200, { ...taken, status }))).toEqual(expected);
  });
});

describe('what the warehouse tells', () => {
  const context: InboundContext = {
    estate: smallEstate,
    system: 'wms-one',
    mapping: (kind, code) => (kind === 'location' && code === 'DCONE' ? 'dc-one' : undefined),
  };
  const bytes = (message: object) => Buffer.from(JSON.stringify(message));
  const confirmed = {
    event_id: 'e',
    warehouse: 'wms-one',
    reference: 'shop==1',
    shipment_id: 'W1-1',
    carrier: 'UPS',
    tracking_number: '1Z',
    shipped_at: '2026-02-16T10:00:00+01:00',
    lines: [{ line_id: '11', sku: 'TOTE-MOSS', quantity: 2 }],
  };
  const changed = {
    change_id: 'c1',
    sku: 'MUG-01',
    location_code: 'DCONE',
    reason: 'adjustment',
    quantity: -3,
    version: 1760000000000,
    occurred_at: '2026-02-16T10:00:00.5Z',
  };

  test('a parcel that has left', () => {
    expect(readShipment(bytes(confirmed), context)).toEqual({
      message: {
        schema_version: 1,
        shipment_id: 'W1-1',
        order_key: 'shop==1',
        location: 'dc-one',
        carrier: 'UPS',
        tracking_number: '1Z',
        shipped_at: '2026-02-16T09:00:00.000Z',
        lines: [{ line_id: '11', sku: 'TOTE-MOSS', quantity: 2 }],
      },
    });
  });
  test('a parcel that was delivered', () => {
    const told = { reference: 'shop==1', shipment_id: 'W1-1', delivered_at: '2026-02-17T10:00:00Z' };
    expect(readDelivery(bytes(told))).toEqual({
      message: { orderKey: 'shop==1', shipmentId: 'W1-1', deliveredAt: '2026-02-17T10:00:00.000Z' },
    });
  });
  test('a change of stock at one of its places', () => {
    expect(readStockChange(bytes(changed), context)).toEqual({
      message: {
        schema_version: 1,
        change_id: 'c1',
        source: 'wms-one',
        sku: 'MUG-01',
        location: 'dc-one',
        reason: 'adjustment',
        quantity: -3,
        version: 1760000000000,
        occurred_at: '2026-02-16T10:00:00.500Z',
      },
    });
  });
  test('a place that is not mapped asks for a mapping', () => {
    expect(readStockChange(bytes({ ...changed, location_code: 'X9' }), context)).toMatchObject({
      problems: [{ path: '/location_code', missing_mapping: { kind: 'location', system: 'wms-one', code: 'X9' } }],
    });
  });
  test.each([
    ['{', ''],
    [JSON.stringify({ ...confirmed, lines: [] }), '/lines'],
    [JSON.stringify({ ...confirmed, lines: [{ line_id: '1', sku: 'A', quantity: 0 }] }), '/lines/0/quantity'],
    [JSON.stringify({ ...confirmed, shipped_at: 'today' }), '/shipped_at'],
  ])('something wrong is named by its place (%#)', (raw, path) => {
    expect(readShipment(Buffer.from(raw), context)).toMatchObject({ problems: [{ path, document: 'received' }] });
  });
});
