import { describe, expect, test } from 'vitest';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { systemOf } from '#tests/fixtures/estate.ts';
import { ConnectorError, type Answer } from '../connector.ts';
import { stripeServices } from './client.ts';
import { captureMark, idempotencyKey } from './map.ts';

const { capture_payment, void_authorization, list_payout, list_balance } = stripeServices(
  systemOf('stripe', { api_version: '2024-06-20' }),
);
const order = canonicalOrder();
const input = {
  order,
  reference: 'pi_1',
  captureKey: 'shop==1:capture:WH1-1',
  amount: '40.10',
  currency: 'USD',
  final: false,
  capturedBefore: [],
};
const answer = (body: unknown, status = 200): Answer => ({ status, headers: {}, body: JSON.stringify(body) });
const intent = { id: 'pi_1', status: 'requires_capture', latest_charge: 'ch_1', metadata: {} };
function refusalOf(status: number, error: object) {
  try {
    capture_payment.read(answer({ error }, status), input, capture_payment.prepare(input));
  } catch (thrown) {
    if (thrown instanceof ConnectorError) return thrown.detail;
    throw thrown;
  }
  throw new Error('not refused');
}

describe('a Stripe capture', () => {
  test('is a form in smallest units under the capture key, marked on the intent', () => {
    const call = capture_payment.prepare(input);
    expect(call).toMatchObject({
      method: 'POST',
      path: '/v1/payment_intents/pi_1/capture',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'idempotency-key': 'shop==1:capture:WH1-1',
        'stripe-version': '2024-06-20',
      },
    });
    expect(Object.fromEntries(new URLSearchParams(call.body))).toEqual({
      amount_to_capture: '4010',
      final_capture: 'false',
      [`metadata[${captureMark(input.captureKey)}]`]: '40.10',
    });
  });
  test('is the same for every attempt, and has a mark Stripe takes', () => {
    expect(capture_payment.prepare(input)).toEqual(capture_payment.prepare({ ...input }));
    expect(captureMark('k'.repeat(300))).toHaveLength(40);
    expect(captureMark('a')).not.toBe(captureMark('b'));
    expect(idempotencyKey('k'.repeat(300))).toHaveLength(64);
  });
  test('counts yen, not a hundredth of them', () => {
    expect(capture_payment.prepare({ ...input, amount: '500', currency: 'JPY' }).body).toContain(
      'amount_to_capture=500&',
    );
  });
  test('of a fraction of a cent is not sent', () => {
    expect(() => capture_payment.prepare({ ...input, amount: '0.005' })).toThrow(ConnectorError);
  });
  test('answers the charge, also where it is expanded', () => {
    const call = capture_payment.prepare(input);
    expect(capture_payment.read(answer(intent), input, call)).toEqual({ captureId: 'ch_1' });
    expect(capture_payment.read(answer({ ...intent, latest_charge: { id: 'ch_2' } }), input, call)).toEqual({
      captureId: 'ch_2',
    });
  });
  test('is found by its own mark only', async () => {
    const marked = { ...intent, metadata: { [captureMark(input.captureKey)]: '40.10' } };
    expect(await capture_payment.find?.(input, async () => answer(marked))).toEqual({ captureId: 'ch_1' });
    expect(await capture_payment.find?.({ ...input, captureKey: 'other' }, async () => answer(marked))).toBeUndefined();
  });
});

describe('voiding', () => {
  test('is found where the intent is cancelled', async () => {
    const voiding = { order, reference: 'pi_1', voidKey: 'v' };
    expect(await void_authorization.find?.(voiding, async () => answer({ ...intent, status: 'canceled' }))).toEqual({
      voidId: 'pi_1',
    });
    expect(await void_authorization.find?.(voiding, async () => answer(intent))).toBeUndefined();
  });
});

describe('Stripe’s refusals', () => {
  test('a declined card is named by the decline', () => {
    expect(
      refusalOf(402, { type: 'card_error', code: 'card_declined', decline_code: 'lost_card', message: 'Declined.' }),
    ).toMatchObject({
      errorClass: 'rejected',
      code: 'lost_card',
      message: 'Declined.',
      retryable: false,
    });
  });
  test('a key in use is asked again, and may have happened', () => {
    expect(refusalOf(409, { type: 'invalid_request_error', code: 'lock_timeout' })).toMatchObject({
      errorClass: 'conflict',
      retryable: true,
      mayHaveHappened: true,
    });
  });
  test('too many requests did not happen', () => {
    expect(refusalOf(429, { type: 'invalid_request_error', code: 'rate_limit' })).toMatchObject({
      errorClass: 'throttled',
      mayHaveHappened: false,
    });
  });
});

describe('the items of a payout', () => {
  const input = { payoutId: 'po_1', currency: 'GBP' };
  const call = list_payout.prepare(input);
  const entry = (id: string, type: string, amount: number, more: object = {}) => ({
    ...{ id, type, amount, fee: 0, currency: 'gbp', created: 1_772_357_400, description: null, source: null, ...more },
  });
  const read = (data: object[], has_more = false) =>
    list_payout.read(answer({ object: 'list', has_more, data }), input, call);

  test('are asked for with the charges and refunds they are of, page by page', () => {
    expect(call.path).toBe('/v1/balance_transactions?payout=po_1&limit=100&expand%5B%5D=data.source');
    expect(list_payout.prepare({ ...input, cursor: 'txn_9' }).path).toContain('&starting_after=txn_9');
    expect(read([entry('txn_1', 'charge', 1), entry('txn_2', 'charge', 1)], true).next).toBe('txn_2');
  });

  test('are proceeds of a payment with their fee apart, refunds with our key, fees, reserves and what nobody knows', () => {
    const { items } = read([
      entry('txn_1', 'charge', 1000, { fee: 35, source: { id: 'ch_1', object: 'charge', payment_intent: 'pi_1' } }),
      entry('txn_2', 'refund', -400, {
        source: { id: 're_1', object: 'refund', payment_intent: 'pi_1', metadata: { syncline_refund: 'ref-1' } },
      }),
      entry('txn_3', 'stripe_fee', -200, { description: 'Radar' }),
      entry('txn_4', 'reserve_transaction', -50),
      entry('txn_5', 'adjustment', -500, { source: 'du_1' }),
      entry('txn_6', 'payout', 185, { source: 'po_1' }),
      entry('txn_7', 'charge', 300),
    ]);
    expect(items.map(({ kind, amount, payment, refund }) => [kind, amount, payment, refund])).toEqual([
      ['proceeds', '10.00', 'pi_1', undefined],
      ['fees', '-0.35', undefined, undefined],
      ['proceeds', '-4.00', 'pi_1', { id: 're_1', key: 'ref-1' }],
      ['fees', '-2.00', undefined, undefined],
      ['reserve', '-0.50', undefined, undefined],
      ['other', '-5.00', undefined, undefined],
      // Nobody says what it was paid for.
      ['other', '3.00', undefined, undefined],
    ]);
  });

  test('that were exchanged say what they were before: the charge or refund in whole, in its own currency', () => {
    const charge = { id: 'ch_1', object: 'charge', payment_intent: 'pi_1', currency: 'eur', amount_captured: 3000 };
    const { items } = read([
      entry('txn_1', 'charge', 850, { exchange_rate: 0.85, source: charge }),
      entry('txn_2', 'charge', 1700, { exchange_rate: 0.85, source: charge, fee: 40 }),
      entry('txn_3', 'refund', -430, {
        exchange_rate: 0.86,
        source: { id: 're_1', object: 'refund', payment_intent: 'pi_1', currency: 'eur', amount: 500 },
      }),
      entry('txn_4', 'charge', 1000, { source: { ...charge, id: 'ch_2', currency: 'gbp', amount_captured: 1000 } }),
    ]);
    expect(items.map(({ kind, amount, original }) => [kind, amount, original])).toEqual([
      ['proceeds', '8.50', { id: 'ch_1', amount: '30.00', currency: 'EUR' }],
      ['proceeds', '17.00', { id: 'ch_1', amount: '30.00', currency: 'EUR' }],
      ['fees', '-0.40', undefined],
      ['proceeds', '-4.30', { id: 're_1', amount: '5.00', currency: 'EUR' }],
      ['proceeds', '10.00', undefined],
    ]);
  });

  test('of a payout that was exchanged itself are refused by name', () => {
    expect(() => read([entry('txn_1', 'charge', 1000, { currency: 'usd' })])).toThrow(
      /paid in GBP, and its item txn_1 is in USD/,
    );
  });
});

test('a balance says what was paid and given back in its own currency, and how far a rate leaves that open', () => {
  const entry = (amount: number, exchange_rate: number | null, source: object, currency = 'gbp') => ({
    ...{ id: 'txn_1', type: 'charge', amount, fee: 0, currency, created: 1_772_357_400, exchange_rate, source },
  });
  const charge = { id: 'ch_1', object: 'charge', currency: 'eur', amount_captured: 3001 };
  const data = [
    entry(2552, 0.850388, charge),
    // A part of it.
    entry(850, 0.850388, charge),
    entry(-430, 0.860123, { id: 're_1', object: 'refund', currency: 'eur', amount: 500 }),
    entry(1000, null, { ...charge, currency: 'gbp', amount_captured: 1000 }),
    entry(201_375, 0.006712, { ...charge, currency: 'jpy', amount_captured: 300_000 }, 'usd'),
    // No rate is told.
    entry(850, null, charge),
  ];
  const period = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
  const listed = list_balance.read(answer({ has_more: false, data }), period, list_balance.prepare(period));
  expect(listed.items.map(({ amount, currency, exchanged }) => [`${amount} ${currency}`, exchanged])).toEqual([
    ['30.01 EUR', { whole: '30.01', margin: '0.02' }],
    ['10.00 EUR', { whole: '30.01', margin: '0.02' }],
    ['5.00 EUR', { whole: '5.00', margin: '0.02' }],
    ['10.00 GBP', undefined],
    // 300,000 lie within, though their product with the rate is 0.15 dollars off.
    ['300022 JPY', { whole: '300000', margin: '24' }],
    [' EUR', undefined],
  ]);
});
