import { describe, expect, test } from 'vitest';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { ConnectorError, type Answer } from '../connector.ts';
import { signifydServices } from './client.ts';

const { screen_order } = signifydServices();
const order = canonicalOrder();
const call = screen_order.prepare({ order });
const read = (body: unknown, status = 201) =>
  screen_order.read({ status, headers: {}, body: JSON.stringify(body) } satisfies Answer, { order }, call);

describe('screening an order', () => {
  test('sends the sale with exact amounts, goods, addresses and payment', () => {
    expect([call.method, call.path]).toEqual(['POST', '/v3/orders/events/sales']);
    expect(call.body).toContain('"totalPrice":138.08');
    expect(JSON.parse(call.body)).toMatchObject({
      orderId: 'shop-5882913048619122731',
      purchase: {
        currency: 'USD',
        confirmationEmail: 'mara.lindqvist@example.com',
        discountCodes: [{ code: 'WINTER10' }, { code: 'HALF' }],
        products: [{ itemId: 'TOTE-MOSS', itemQuantity: 2 }, {}, { itemIsDigital: true }],
        shipments: [
          {
            fulfillmentMethod: 'DELIVERY',
            destination: { fullName: 'Mara Lindqvist', address: { countryCode: 'US' } },
          },
        ],
      },
      transactions: [{ gateway: 'shopify_payments', paymentMethod: 'CREDIT_CARD', amount: 138.08 }],
    });
  });
  test.each([
    ['ACCEPT', 'accept'],
    ['REJECT', 'reject'],
    ['HOLD', 'review'],
    ['CHALLENGE', 'review'],
  ])('%s means %s', (checkpointAction, decision) => {
    const answer = { signifydId: 820982911946, orderId: 'x', decision: { checkpointAction, score: 512.5 } };
    expect(read(answer)).toEqual({ decision, score: 512.5, caseNumber: '820982911946' });
  });
  test('that is refused says which field', () => {
    expect(() => read({ messages: ['Validation failed'], errors: { orderId: ['required'] } }, 400)).toThrow(
      'Validation failed; orderId: required',
    );
    expect(() => read({ decision: {} })).toThrow(ConnectorError);
  });
});
