import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Payout } from '#contracts/v1/payout.ts';
import { Decimal, sumAmounts } from '../../../money.ts';
import { readSettlementReport } from './read-report.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const names = [
  'settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency transaction-type order-id',
  'amount-type amount-description amount quantity-purchased sku',
]
  .join(' ')
  .split(' ');
type Cells = Record<string, string>;
const tsv = (rows: readonly Cells[], columns = names) =>
  [columns, ...rows.map((cells) => columns.map((name) => cells[name] ?? ''))].map((row) => row.join('\t')).join('\n');
const summary = (total: string): Cells => ({
  'settlement-id': '6016502941',
  'settlement-start-date': '2026-11-06T04:00:00+00:00',
  'settlement-end-date': '2026-11-20 04:00:00 UTC',
  'deposit-date': '2026-11-22T04:00:00+00:00',
  'total-amount': total,
  currency: 'USD',
});
const row = (type: string, description: string, amount: string, more: Cells = {}): Cells => ({
  'settlement-id': '6016502941',
  'transaction-type': 'Order',
  'order-id': '902-1',
  'amount-type': type,
  'amount-description': description,
  amount,
  ...more,
});
const read = (text: string | Uint8Array) => readSettlementReport(Buffer.from(text));
function payoutOf(text: string): Payout {
  const result = read(text);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.message;
}
const problemsOf = (text: string) => {
  const result = read(text);
  return 'problems' in result ? result.problems.map(({ error_code, path }) => [error_code, path]) : 'read';
};
const good = [
  row('ItemPrice', 'Principal', '20.00', { 'quantity-purchased': '2' }),
  row('ItemPrice', 'Tax', '1.60'),
  row('ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal', '-1.60'),
  row('ItemFees', 'Commission', '-3.00'),
  row('other-transaction', 'Current Reserve Amount', '-5.00', { 'order-id': '', 'transaction-type': 'other' }),
  row('other-transaction', 'Subscription Fee', '-2.00', { 'order-id': '', 'transaction-type': 'other' }),
  row('Mystery', 'Thing', '0.50', { 'order-id': '' }),
];

test('a report of the second version is read row by row, each amount by what it is', () => {
  const payout = payoutOf(tsv([summary('10.50'), ...good]));
  expect(payout).toMatchObject({
    payout_id: '6016502941',
    currency: 'USD',
    from: '2026-11-06T04:00:00.000Z',
    to: '2026-11-20T04:00:00.000Z',
    total: '10.50',
  });
  expect(payout.lines.map(({ kind }) => kind)).toEqual([
    'proceeds',
    'proceeds',
    'tax',
    'fees',
    'reserve',
    'fees',
    'other',
  ]);
  expect(payout.lines[0]).toEqual({
    row: 3,
    kind: 'proceeds',
    transaction: 'Order',
    description: 'Principal',
    order_id: '902-1',
    units: 2,
    amount: '20.00',
  });
});

test('the version before has its amounts in columns of their own', () => {
  const columns = [...names.filter((name) => !name.startsWith('amount')), 'price-type', 'price-amount'].concat(
    'item-related-fee-type',
    'item-related-fee-amount',
  );
  const of = (cells: Cells) => row('', '', '', cells);
  const payout = payoutOf(
    tsv(
      [
        summary('26.99'),
        of({ 'quantity-purchased': '1' }),
        of({ 'price-type': 'Principal', 'price-amount': '27.99' }),
        of({ 'item-related-fee-type': 'FBAPerOrderFulfillmentFee', 'item-related-fee-amount': '-1.00' }),
      ],
      columns,
    ),
  );
  expect(payout.lines.map(({ kind, amount, description }) => [kind, amount, description])).toEqual([
    ['proceeds', '27.99', 'Principal'],
    ['fees', '-1.00', 'FBAPerOrderFulfillmentFee'],
  ]);
});

test.each<[string, string, unknown]>([
  ['a sum that is not the total', tsv([summary('10.51'), ...good]), [['payout_total_differs', '/2/total-amount']]],
  [
    'a row of another settlement',
    tsv([summary('1.00'), row('ItemPrice', 'Principal', '1.00', { 'settlement-id': '7' })]),
    [['other_settlement', '/3/settlement-id']],
  ],
  [
    'an amount with a comma',
    tsv([summary('1.00'), row('ItemPrice', 'Principal', '1,00')]),
    [['amount_wrong', '/3/amount']],
  ],
  ['a torn row', `${tsv([summary('0.00')])}\n6016502941\tOrd`, [['row_torn', '/3']]],
  ['no total', tsv([summary('')]), [['amount_wrong', '/2/total-amount']]],
  [
    'a date that is none',
    tsv([{ ...summary('0.00'), 'deposit-date': 'soon' }]),
    [['schema_invalid_format', '/2/deposit-date']],
  ],
  ['no columns of Amazon', 'a\tb\n1\t2', expect.arrayContaining([['column_missing', '/1/settlement-id']])],
  ['nothing', '', expect.arrayContaining([['column_missing', '/1/settlement-id']])],
  ['no rows', names.join('\t'), [['report_empty', '/2']]],
])('%s is a problem with a place', (_, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test('whatever a report says, its lines make its total or it is refused', () => {
  const cents = fc.integer({ min: -500_000, max: 500_000 }).map((amount) => (amount / 100).toFixed(2));
  const types = fc.constantFrom('ItemPrice', 'ItemFees', 'ItemWithheldTax', 'Promotion', 'other-transaction', 'New');
  const any = fc.record({ type: types, description: fc.stringMatching(/^[A-Za-z ]{0,20}$/), amount: cents });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 20 }), fc.option(cents), (lines, wrong) => {
      const sum = sumAmounts(['0.00', ...lines.map(({ amount }) => amount)]);
      const total = wrong ?? sum;
      const result = read(tsv([summary(total), ...lines.map((line) => row(line.type, line.description, line.amount))]));
      const adds = new Decimal(sum).equals(total);
      expect('message' in result).toBe(adds);
      if ('message' in result)
        expect(sumAmounts(['0.00', ...result.message.lines.map(({ amount }) => amount)])).toBe(sum);
    }),
    { numRuns: runs },
  );
});

test('bytes of any kind are refused without a crash', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((text) => Buffer.from(`${names.join('\t')}\n${text}`)),
      ),
      (raw) => {
        const result = read(raw);
        if ('problems' in result) expect(result.problems.length).toBeGreaterThan(0);
        else expect(result.message.total).toMatch(/\d/);
      },
    ),
    { numRuns: runs },
  );
});
