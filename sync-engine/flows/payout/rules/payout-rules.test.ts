import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { payoutKind, type Payout, type PayoutLine } from '#contracts/v1/payout.ts';
import { Decimal, sumAmounts } from '../../../money.ts';
import { matchOrder, matchPayment } from './match.ts';
import { payoutJournal } from './payout-journal.ts';

const line = (amount: string, more: Partial<PayoutLine> = {}): PayoutLine => ({
  row: 3,
  kind: 'proceeds',
  transaction: 'Order',
  description: 'Principal',
  order_id: '902-1',
  units: 0,
  amount,
  ...more,
});
const order = { amount: '30.00', currency: 'USD', units: 3 };
const codeOf = (lines: PayoutLine[], known: Parameters<typeof matchOrder>[2] = order, currency = 'USD') =>
  matchOrder('902-1', lines, known, currency, '0.01')?.error_code;

test('an order that is paid as it was bought matches, within the tolerance', () => {
  expect(codeOf([line('28.00', { units: 3 }), line('2.00', { description: 'Tax' })])).toBeUndefined();
  expect(codeOf([line('29.99', { units: 3 }), line('-4.50', { kind: 'fees' })])).toBeUndefined();
  expect(codeOf([line('29.98', { units: 3 })])).toBe('payout_differs');
  expect(codeOf([line('30.02', { units: 3 })])).toBe('payout_differs');
});

test('a part of an order is less than the whole of it', () => {
  expect(codeOf([line('10.00', { units: 1 })])).toBeUndefined();
  expect(codeOf([line('31.00', { units: 1 })])).toBe('payout_differs');
  expect(codeOf([line('30.00', { units: 4 })])).toBe('payout_differs');
});

test('a refund takes back no more than was paid', () => {
  const refund = (amount: string) => line(amount, { transaction: 'Refund', units: 0 });
  expect(codeOf([refund('-30.00')])).toBeUndefined();
  expect(codeOf([line('30.00', { units: 3 }), refund('-10.00')])).toBeUndefined();
  expect(codeOf([refund('-30.02')])).toBe('payout_differs');
});

test('an order of another currency, or that nobody knows, is a break; one whose events are gone is only known', () => {
  expect(codeOf([line('30.00', { units: 3 })], order, 'EUR')).toBe('payout_differs');
  expect(matchOrder('902-1', [line('30.00')], undefined, 'USD', '0')).toMatchObject({
    error_class: 'reference',
    error_code: 'order_unknown',
    path: '/3/order-id',
  });
  expect(codeOf([line('99.00')], { amount: '', currency: '' })).toBeUndefined();
  // Left to Amazon to ship: its units are not known, its amount is.
  expect(codeOf([line('30.00', { units: 3 })], { amount: '30.00', currency: 'USD' })).toBeUndefined();
});

const payoutOf = (lines: PayoutLine[]): Payout => ({
  schema_version: 1,
  of: 'sales',
  payout_id: '1',
  currency: 'USD',
  from: '2026-11-06T04:00:00.000Z',
  to: '2026-11-20T04:00:00.000Z',
  deposited_at: '2026-11-22T04:00:00.000Z',
  total: sumAmounts(['0.00', ...lines.map(({ amount }) => amount)]),
  lines,
});
const journalOf = (lines: PayoutLine[]) =>
  payoutJournal(payoutOf(lines), { legalEntity: 'us-retail', postingKey: 'p', name: 'Amazon US' });

test('cash is what arrives, and what it is made of stands against it', () => {
  const lines = [
    line('100.00'),
    line('-8.00', { kind: 'tax' }),
    line('-15.00', { kind: 'fees' }),
    line('-20.00', { kind: 'reserve' }),
  ];
  expect(journalOf(lines)).toMatchObject({
    date: '2026-11-22',
    legal_entity: 'us-retail',
    lines: [
      { account: 'cash', debit: '57.00' },
      { account: 'marketplace-clearing', credit: '100.00' },
      { account: 'sales-tax', debit: '8.00' },
      { account: 'marketplace-fees', debit: '15.00' },
      { account: 'marketplace-clearing', debit: '20.00' },
    ],
  });
});

test('a payout below zero is cash that goes, and one of nothing is not posted', () => {
  expect(journalOf([line('-5.00', { kind: 'fees' })])).toMatchObject({
    lines: [
      { account: 'cash', credit: '5.00' },
      { account: 'marketplace-fees', debit: '5.00' },
    ],
  });
  expect(journalOf([])).toHaveProperty('nothing');
});

test('whatever is paid out, debits are credits', () => {
  const cents = fc.integer({ min: -99_999, max: 99_999 }).map((amount) => (amount / 100).toFixed(2));
  fc.assert(
    fc.property(
      fc.array(fc.record({ kind: fc.constantFrom(...payoutKind.options), amount: cents }), { maxLength: 30 }),
      (all) => {
        const entry = journalOf(all.map(({ kind, amount }) => line(amount, { kind })));
        if ('nothing' in entry) return;
        const side = (name: 'debit' | 'credit') =>
          new Decimal(sumAmounts(entry.lines.flatMap((one) => one[name] ?? [])));
        expect(side('debit').equals(side('credit'))).toBe(true);
      },
    ),
  );
});

describe('a payment in a payout', () => {
  const known = {
    ...{ orderNumber: 'M-1', placedAt: '2026-03-01T11:00:00.000Z', currency: 'USD', taken: '30.00', awaited: false },
    refunds: [{ key: 'ref-market==return-1', returnNumber: '1', amount: '10.00' }],
  };
  const paid = (amount: string, more: Partial<PayoutLine> = {}): PayoutLine => {
    const { order_id: _, ...rest } = line(amount, { transaction: 'charge', payment: 'pi_1', ...more });
    return rest;
  };
  const refund = (amount: string, key?: string) =>
    paid(amount, { transaction: 'refund', refund: { id: 're_1', ...(key === undefined ? {} : { key }) } });
  const paidCode = (lines: PayoutLine[], belief: Parameters<typeof matchPayment>[2] = known) =>
    matchPayment('pi_1', lines, belief, { currency: 'USD', at: '2026-03-02T00:00:00.000Z' })?.error_code;

  test('matches what was captured and refunded of it, or a part', () => {
    expect(paidCode([paid('30.00')])).toBeUndefined();
    expect(paidCode([paid('10.00'), paid('20.00'), refund('-10.00', 'ref-market==return-1')])).toBeUndefined();
    expect(paidCode([refund('-10.00', 'ref-market==return-1')])).toBeUndefined();
    expect(paidCode([refund('10.00', 'ref-market==return-1')])).toBeUndefined();
  });

  test('that was settled in another currency is compared as it was paid, whatever the rate', () => {
    const paidIn = (id: string, amount: string, currency = 'USD') => ({ original: { id, amount, currency } });
    const exchanged = paid('24.13', paidIn('ch_1', '30.00'));
    const givenBack = (amount: string) => ({
      ...refund('-8.20', 'ref-market==return-1'),
      ...paidIn('re_1', amount),
    });
    const inPounds = (lines: PayoutLine[]) =>
      matchPayment('pi_1', lines, known, { currency: 'GBP', at: '2026-03-02T00:00:00.000Z' });
    expect(inPounds([exchanged, givenBack('10.00')])).toBeUndefined();
    // Two parts of one charge.
    expect(inPounds([paid('8.04', paidIn('ch_1', '30.00')), paid('16.09', paidIn('ch_1', '30.00'))])).toBeUndefined();
    expect(inPounds([exchanged, paid('0.01', paidIn('ch_2', '0.01'))])?.error_code).toBe('capture_unknown');
    expect(inPounds([givenBack('10.01')])?.error_code).toBe('refund_differs');
  });

  test('is a break where nobody says what it was in the order’s currency', () => {
    const euros = [paid('30.00', { original: { id: 'ch_1', amount: '30.00', currency: 'EUR' } })];
    const pounds = { currency: 'GBP', at: '2026-03-02T00:00:00.000Z' };
    const differs = matchPayment('pi_1', euros, known, pounds);
    expect(differs).toMatchObject({ error_code: 'currency_differs', path: '/3' });
    expect(differs?.message).toContain('30.00 EUR');
    expect(matchPayment('pi_1', [paid('24.13')], known, pounds)?.error_code).toBe('currency_differs');
    expect(matchPayment('pi_1', [paid('24.13')], undefined, pounds)?.error_code).toBe('payment_unknown');
  });

  test('is a break where more was taken or given back, or no order has it', () => {
    expect(paidCode([paid('30.01')])).toBe('capture_unknown');
    expect(paidCode([refund('-10.00')])).toBe('refund_unknown');
    expect(paidCode([refund('-9.00', 'ref-market==return-1')])).toBe('refund_differs');
    expect(
      matchPayment('pi_1', [paid('30.00')], undefined, { currency: 'USD', at: '2026-03-02T00:00:00.000Z' })?.error_code,
    ).toBe('payment_unknown');
  });
});
