import { describe, expect, test } from 'vitest';
import type { Order } from '#contracts/v1/order.ts';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { systemOf } from '#tests/fixtures/estate.ts';
import { parseExactJson, stringifyExactJson } from '#platform/exact-json.ts';
import { sumAmounts } from '../../money.ts';
import { ConnectorError, type Answer } from '../connector.ts';
import { netsuiteServices } from './client.ts';
import { canonicalPlace } from './map.ts';
import { salesOrderRecord, type SalesOrderInput } from './sales-order.ts';

const system = systemOf('netsuite');
const services = netsuiteServices(system);
const taxCodes = { 'State Tax': 'NY-STATE', 'City Tax': '77' };
const inputOf = (order: Order): SalesOrderInput => ({
  order,
  postingKey: 'shop==1:so',
  subsidiary: '2',
  location: 'dc-one',
  taxCodes,
});
const input = inputOf(canonicalOrder());
const answer = (status: number, body: unknown = '', headers = {}): Answer => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const sentOf = (from: SalesOrderInput) =>
  parseExactJson(stringifyExactJson(salesOrderRecord(from, system.settings).body)) as Sent;
interface Sent {
  item: { items: { amount: string; rate?: string; description: string; item: unknown }[] };
  taxDetails: { items: { taxAmount: string; taxRate: string; taxCode: unknown }[] };
  shippingCost: string;
}
const totalOf = (sent: Sent) =>
  sumAmounts([
    ...sent.item.items.map(({ amount }) => amount),
    ...sent.taxDetails.items.map(({ taxAmount }) => taxAmount),
    sent.shippingCost,
  ]);
function refusalOf(status: number, body: unknown, headers = {}) {
  try {
    services.create_sales_order.read(answer(status, body, headers), input, services.create_sales_order.prepare(input));
  } catch (error) {
    if (error instanceof ConnectorError) return error.detail;
    throw error;
  }
  throw new Error('not refused');
}
const details = (path: string | undefined, code = 'INVALID_CONTENT') => ({
  title: 'Bad Request',
  status: 400,
  'o:errorDetails': [
    { detail: 'Invalid value.', 'o:errorCode': code, ...(path === undefined ? {} : { 'o:errorPath': path }) },
  ],
});

describe('a NetSuite sales order', () => {
  test('is upserted under its posting key', () => {
    const call = services.create_sales_order.prepare(input);
    expect([call.method, call.path]).toEqual(['PUT', '/services/rest/record/v1/salesOrder/eid:shop%3D%3D1%3Aso']);
    expect(call.headers).toEqual({ 'content-type': 'application/json' });
  });
  test('adds up exactly to the total of the order', () => {
    expect(totalOf(sentOf(input))).toBe('138.08');
  });
  test('adds up exactly where prices include the tax', () => {
    const order = canonicalOrder({ taxes_included: true });
    const sent = sentOf(inputOf(order));
    expect(totalOf(sent)).toBe('132.49');
    expect(sent.item.items[0]).not.toHaveProperty('rate');
  });
  test('carries lines, discounts, duties and tip as rows, shipping as its cost, taxes as details', () => {
    const sent = sentOf(input);
    expect(sent.item.items.map(({ description, amount }) => [description, amount])).toEqual([
      ['Oiled Canvas Tote', '60'],
      ['WINTER10', '-6'],
      ['Duties on TOTE-MOSS', '2.50'],
      ['Mug', '19.99'],
      ['Gift card', '50'],
      ['Tip', '1.00'],
    ]);
    expect(sent.shippingCost).toBe('5.00');
    expect(sent.taxDetails.items.map(({ taxCode, taxRate, taxAmount }) => [taxCode, taxRate, taxAmount])).toEqual([
      [{ externalId: 'NY-STATE' }, '4', '2.16'],
      [{ id: '77' }, '4.5', '2.43'],
      [{ externalId: 'NY-STATE' }, '4', '0.80'],
      [{ externalId: 'NY-STATE' }, '4', '0.20'],
    ]);
  });
  test('names customer, subsidiary and location by NetSuite’s ids', () => {
    expect(salesOrderRecord(input, system.settings).body).toMatchObject({
      entity: { id: '1101' },
      subsidiary: { id: '2' },
      location: { id: '11' },
      currency: { refName: 'USD' },
      tranDate: '2026-02-15',
      otherRefNum: '#1001',
      shippingAddress: { addressee: 'Harbour Studio', attention: 'Mara Lindqvist', state: 'NY', country: { id: 'US' } },
    });
  });
  test('is not sent with a tax that is not mapped, or for a channel without customer', () => {
    expect(() => salesOrderRecord({ ...input, taxCodes: { 'State Tax': '1' } }, system.settings)).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({ path: '/lines/0/taxes/1/code', mayHaveHappened: false }) as object,
      }) as Error,
    );
    expect(() => salesOrderRecord(inputOf(canonicalOrder({ channel: 'other' })), system.settings)).toThrow(
      /entity\.other/,
    );
    expect(() => salesOrderRecord(inputOf(canonicalOrder({ shipping: [], lines: [] })), {})).toThrow(/entity\.web/);
  });
});

describe('NetSuite’s answer', () => {
  test('to an upsert names the document in its Location', () => {
    const location = 'https://123.suitetalk.api.netsuite.com/services/rest/record/v1/salesOrder/4711';
    const call = services.create_sales_order.prepare(input);
    expect(services.create_sales_order.read(answer(204, '', { location }), input, call)).toEqual({
      documentId: '4711',
      documentNumber: '4711',
    });
    expect(
      services.create_sales_order.after?.read(
        answer(200, { id: '4711', tranId: 'SO12' }),
        { documentId: '4711', documentNumber: '' },
        input,
      ),
    ).toEqual({
      documentId: '4711',
      documentNumber: 'SO12',
    });
    expect(() => services.create_sales_order.read(answer(204), input, call)).toThrow(/names no record/);
  });
  test.each([
    ['item.items[0].item', '/lines/0/sku', 'rejected'],
    ['item.items[1].amount', '/lines/0/discounts/0', 'rejected'],
    ['item.items[2].item', '/lines/0/duties', 'rejected'],
    ['item.items[3].quantity', '/lines/1/quantity', 'rejected'],
    ['item.items[3].taxCode', '/lines/1/taxes/0/code', 'mapping'],
    ['taxDetails.items[1].taxCode', '/lines/0/taxes/1/code', 'mapping'],
    ['taxDetails.items[3].taxCode', '/shipping/0/taxes/0/code', 'mapping'],
    ['entity', '/channel', 'rejected'],
    ['shippingAddress.state', '/shipping_address', 'rejected'],
    ['location.id', '/fulfilment/location', 'rejected'],
  ])('about %s leads to %s', (path, canonical, errorClass) => {
    expect(refusalOf(400, details(path))).toEqual({
      errorClass,
      code: 'INVALID_CONTENT',
      message: 'Invalid value.',
      path: canonical,
      retryable: false,
      mayHaveHappened: false,
    });
  });
  test('about something unknown leads nowhere', () => {
    expect(refusalOf(400, details('customForm'))).not.toHaveProperty('path');
    expect(canonicalPlace('item.items[99].item', salesOrderRecord(input, system.settings))).toBeUndefined();
  });
  test('that the record changed meanwhile may be asked again', () => {
    expect(refusalOf(400, details(undefined, 'RCRD_HAS_BEEN_CHANGED'))).toMatchObject({
      errorClass: 'conflict',
      retryable: true,
    });
  });
  test('without NetSuite’s error body is taken by its status', () => {
    expect(refusalOf(502, '<html>')).toMatchObject({
      errorClass: 'unavailable',
      code: 'HTTP_502',
      mayHaveHappened: true,
    });
    expect(refusalOf(401, details(undefined, 'INVALID_LOGIN'))).toMatchObject({
      errorClass: 'auth',
      code: 'INVALID_LOGIN',
      retryable: false,
    });
    expect(refusalOf(429, details(undefined, 'CONCURRENCY_LIMIT_EXCEEDED'), { 'retry-after': '2' })).toMatchObject({
      errorClass: 'throttled',
      retryAfterMs: 2000,
      mayHaveHappened: false,
    });
  });
  test.each([
    [{ id: '1', orderStatus: { id: 'C' } }, { documentId: '1' }],
    [{ id: '1', status: 'H' }, { documentId: '1' }],
    [{ id: '1', orderStatus: { id: 'B' } }, undefined],
  ])('tells whether a sales order is cancelled', async (record, expected) => {
    const found = await services.cancel_sales_order.find?.({ postingKey: 'k', documentId: '1' }, async () =>
      answer(200, record),
    );
    expect(found).toEqual(expected);
  });
});
