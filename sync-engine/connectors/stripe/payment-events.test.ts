import { describe, expect, test } from 'vitest';
import { smallEstate } from '#tests/fixtures/estate.ts';
import type { PaymentNews } from '../payment-news.ts';
import { paymentTopics } from './payment-events.ts';

/** What an event of the type tells. */
function newsOf(type: keyof typeof paymentTopics, object: object): PaymentNews {
  const event = { id: 'evt_1', object: 'event', type, created: 1_772_357_400, livemode: true, data: { object } };
  const headers = {
    ...{ 'syncline-system': 'shop', 'syncline-topic': type, 'syncline-received-at': '2026-03-01T09:30:00.000Z' },
    'syncline-origin': 'live' as const,
  };
  const context = { estate: smallEstate, system: 'shop', headers, mapping: () => undefined };
  const read = paymentTopics[type].read(Buffer.from(JSON.stringify(event)), context);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.message;
}
const intent = (more: object = {}) => ({
  ...{ id: 'pi_1', object: 'payment_intent', amount_received: 0, currency: 'usd', metadata: {}, ...more },
});

describe('an intent that was cancelled', () => {
  const released = (more: object) => newsOf('payment_intent.canceled', intent(more));

  test('was authorised where a charge held the money, in whichever version that is told', () => {
    expect(released({ latest_charge: 'ch_1', cancellation_reason: 'automatic' })).toMatchObject({
      ...{ news: 'released', reason: 'automatic', authorised: true },
    });
    expect(released({ charges: { data: [{ id: 'ch_1', status: 'succeeded' }] } })).toMatchObject({ authorised: true });
  });

  test('was not where nobody paid, or the card was declined', () => {
    expect(released({ latest_charge: null })).toMatchObject({ authorised: false });
    expect(released({ charges: { data: [] } })).toMatchObject({ authorised: false });
    expect(released({ charges: { data: [{ id: 'ch_1', status: 'failed' }] } })).toMatchObject({ authorised: false });
    expect(released({})).toMatchObject({ authorised: false });
    expect(released({ latest_charge: 'ch_1', last_payment_error: { code: 'card_declined' } })).toMatchObject({
      authorised: false,
    });
  });
});

test.each([
  ['a direct debit', 'sepa_debit', true],
  ['a voucher', 'oxxo', true],
  ['a card', 'card', false],
  ['a wallet', 'link', false],
])('a payment that failed was promised with %s or not', (_, type, promised) => {
  const last_payment_error = { code: 'payment_intent_payment_attempt_failed', payment_method: { type } };
  expect(newsOf('payment_intent.payment_failed', intent({ last_payment_error }))).toMatchObject({ promised });
  const charge = { id: 'ch_1', object: 'charge', payment_intent: null, amount_captured: 0, currency: 'usd' };
  expect(newsOf('charge.failed', { ...charge, payment_method_details: { type } })).toMatchObject({ promised });
});
