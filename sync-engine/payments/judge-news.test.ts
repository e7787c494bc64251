import { describe, expect, it } from 'vitest';
import type { PaymentNews } from '../connectors/payment-news.ts';
import { judgeNews, type KnownPayment } from './judge-news.ts';

const about = { payment: 'pi_1', at: '2026-03-01T12:00:00.000Z', path: '/data/object/id' };
const known = (more: Partial<KnownPayment> = {}): KnownPayment => ({
  orderNumber: 'M-1',
  placedAt: '2026-03-01T11:00:00.000Z',
  currency: 'GBP',
  taken: '40.00',
  awaited: true,
  refunds: [{ key: 'ref-market==return-1', returnNumber: '1', amount: '10.00' }],
  ...more,
});
const taken = (amount: string, ours = '0.00', currency = 'GBP'): PaymentNews => ({
  ...{ news: 'taken', ...about, amount, ours, currency },
});
const refunded = (more: object = {}): PaymentNews => ({
  ...{ news: 'refunded', ...about, refund: 're_1', amount: '10.00', currency: 'GBP' },
  ...more,
});
/** What is judged, and whether it waits for its order before it counts. */
const codeOf = (news: PaymentNews, belief: KnownPayment | null = known()) => {
  const judged = judgeNews(news, belief ?? undefined);
  if ('agrees' in judged) return 'agrees';
  const code = 'problem' in judged ? judged.problem.error_code : 'superseded';
  return judged.early === true ? `${code} early` : code;
};
const unknown = (news: PaymentNews) => codeOf(news, null);

describe('money that was taken', () => {
  it.each([
    ['by captures that bear our mark, whatever is known', taken('99.00', '99.00'), 'agrees'],
    ['as it is believed', taken('40.00'), 'agrees'],
    ['and of which more was taken since', taken('20.00'), 'agrees'],
    ['beyond what is believed', taken('40.01'), 'capture_unknown'],
    ['beyond our own mark', taken('60.00', '50.00'), 'capture_unknown'],
    ['in another currency', taken('40.00', '0.00', 'USD'), 'capture_unknown'],
  ])('%s', (_, news, code) => expect(codeOf(news)).toBe(code));

  it('of a payment that no order has waits for its order', () =>
    expect(unknown(taken('5.00'))).toBe('payment_unknown early'));
});

describe('money that can no longer be taken', () => {
  const released: PaymentNews = { news: 'released', ...about, reason: 'automatic', authorised: true };
  const failed = (at = about.at, promised = false): PaymentNews => ({
    ...{ news: 'failed', ...about, at, reason: 'card_declined', promised },
  });

  it('is a case while something is still to be taken', () => {
    expect(codeOf(released)).toBe('authorisation_lost');
    expect(codeOf(released, known({ awaited: false }))).toBe('agrees');
  });

  it('and that no order has waits for its order: money that was held for none is a case', () => {
    expect(unknown(released)).toBe('payment_unknown early');
    expect(unknown({ ...released, authorised: false })).toBe('superseded early');
  });

  it('contradicts what was believed to be taken, unless the attempt was before the order', () => {
    expect(codeOf(failed())).toBe('payment_failed');
    expect(codeOf(failed(), known({ taken: '0.00' }))).toBe('agrees');
    expect(codeOf(failed('2026-03-01T10:59:59.000Z'))).toBe('superseded');
  });

  it('waits for its order: a debit that failed and has none is a case, a card that was declined is none', () => {
    expect(unknown(failed(about.at, true))).toBe('payment_unknown early');
    expect(unknown(failed())).toBe('superseded early');
  });
});

describe('money that was given back', () => {
  const refundKey = 'ref-market==return-1';

  it('is known by our key and amount', () => {
    expect(codeOf(refunded({ refundKey }))).toBe('agrees');
    expect(codeOf(refunded({ refundKey, amount: '9.99' }))).toBe('refund_differs');
    expect(codeOf(refunded({ refundKey, currency: 'USD' }))).toBe('refund_differs');
  });

  it('by somebody else is a case, at once where its order is known', () => {
    expect(codeOf(refunded())).toBe('refund_unknown');
    expect(codeOf(refunded({ refundKey: 'ref-market==return-9' }))).toBe('refund_unknown');
    expect(unknown(refunded())).toBe('refund_unknown early');
  });

  it('and did not arrive is a case where it was ours', () => {
    const failed = (more: object): PaymentNews => ({
      ...{
        news: 'refund_failed',
        ...about,
        refund: 're_1',
        amount: '10.00',
        currency: 'GBP',
        reason: 'expired_or_canceled_card',
      },
      ...more,
    });
    expect(codeOf(failed({ refundKey }))).toBe('refund_failed');
    expect(codeOf(failed({}))).toBe('agrees');
    expect(unknown(failed({ refundKey }))).toBe('refund_failed early');
    expect(unknown(failed({}))).toBe('agrees');
  });
});
