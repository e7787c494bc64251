import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tender, type StoreBatch } from '#contracts/v1/store.ts';
import { posLogOf } from '#tests/support/poslog.ts';
import { numberOfPosLog, readPosLog } from './poslog.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 200);
const read = (text: string) => readPosLog(Buffer.from(text), { mapping: () => undefined });

const amount = fc.integer({ min: 0, max: 9_999_99 }).map((cents) => (cents / 100).toFixed(2));
const sku = fc.stringMatching(/^[!#-&(-~]{1,20}$/);
const tendered = fc.record({ tender: fc.constantFrom(...tender.options), amount });
const transaction = fc.record({
  id: fc.stringMatching(/^[A-Z0-9]{1,8}$/),
  kind: fc.constantFrom('sale' as const, 'return' as const),
  at: fc.constant('2026-03-02T09:59:00.000Z'),
  lines: fc.array(
    fc.record({
      sku,
      quantity: fc.integer({ min: 1, max: 99 }),
      net: amount,
      taxes: fc.array(fc.record({ code: fc.constant('NY'), amount }), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  tenders: fc.array(tendered, { minLength: 1, maxLength: 2 }),
});
const ofOnlineOrder = transaction.map(({ lines, ...rest }) => ({
  ...rest,
  kind: 'return' as const,
  lines: lines.map((line) => ({ ...line, line_id: 'L1', reason_code: 'R20', condition: 'sellable' as const })),
  tenders: [],
  online_order: { channel: 'web-us', order: '1001' },
}));
const batch: fc.Arbitrary<StoreBatch> = fc
  .record({
    sequence: fc.integer({ min: 1, max: 1e9 }),
    backlog: fc.nat(50),
    transactions: fc.array(fc.oneof(transaction, ofOnlineOrder), { maxLength: 3 }),
    counts: fc.array(fc.record({ sku, on_hand: fc.nat(500) }), { maxLength: 2 }),
    end: fc.option(fc.record({ takings: fc.array(tendered, { maxLength: 3 }), tax: amount, counted_cash: amount })),
  })
  .map(({ end, ...rest }) => ({
    schema_version: 1,
    store: 'store-001',
    business_date: '2026-03-02',
    generated_at: '2026-03-02T10:00:00.000Z',
    currency: 'USD',
    ...rest,
    ...(end === null ? {} : { end_of_day: { first_sequence: 1, ...end } }),
  }));

test('a POSLog says what the JSON of the same batch says', () => {
  fc.assert(
    fc.property(batch, (sent) => {
      expect(read(posLogOf(sent))).toEqual({ message: sent });
      expect(numberOfPosLog(Buffer.from(posLogOf(sent)))).toEqual({ store: sent.store, sequence: sent.sequence });
    }),
    { numRuns: runs },
  );
});

test('whatever is left of a POSLog is read or refused, and never throws', () => {
  const spoilt = fc.tuple(batch, fc.nat(4000), fc.nat(60), fc.string()).map(([sent, from, length, put]) => {
    const text = posLogOf(sent);
    return text.slice(0, from) + put + text.slice(from + length);
  });
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.string()), (text) => {
      const result = read(text);
      if ('problems' in result) expect(result.problems.length).toBeGreaterThan(0);
      numberOfPosLog(Buffer.from(text));
    }),
    { numRuns: runs },
  );
});

const one = (line: string) => `<POSLog xmlns:sl="urn:syncline:store-batch:1"><sl:Batch>
  <sl:SequenceNumber>3</sl:SequenceNumber><sl:GeneratedDateTime>2026-03-02T10:00:00+01:00</sl:GeneratedDateTime></sl:Batch>
  <Transaction><RetailStoreID>store-001</RetailStoreID><WorkstationID>5</WorkstationID><SequenceNumber>9</SequenceNumber>
  <BusinessDayDate>2026-03-02</BusinessDayDate><EndDateTime>2026-03-02T09:05:00Z</EndDateTime><CurrencyCode>EUR</CurrencyCode>
  <RetailTransaction><LineItem VoidFlag="true"><Sale><ItemID>B</ItemID></Sale></LineItem>${line}
  <LineItem><Tender TenderType="Cash"><Amount>1.79</Amount></Tender></LineItem></RetailTransaction></Transaction></POSLog>`;

test('store, day and currency may stand in the transaction; voided lines never happened', () => {
  const sale =
    '<LineItem><Sale><ItemID>A</ItemID><Quantity>1</Quantity><ExtendedAmount>1.79</ExtendedAmount></Sale></LineItem>';
  const result = read(one(sale));
  expect(result).toMatchObject({ message: { store: 'store-001', generated_at: '2026-03-02T09:00:00.000Z' } });
  expect('message' in result && result.message.transactions[0]?.lines.map((line) => line.sku)).toEqual(['A']);
});

test('what is wrong is named by its element', () => {
  const wrong =
    '<LineItem><Sale><ItemID>A</ItemID><Quantity>1.5</Quantity><ExtendedAmount>1.79</ExtendedAmount></Sale></LineItem>';
  const result = read(one(wrong));
  expect('problems' in result && result.problems.map(({ path }) => path)).toEqual([
    '/POSLog/Transaction/0/LineItem/1/Sale/Quantity',
  ]);
});

test('a document type is refused, whatever it declares', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;">]>${one('')}`;
  const result = read(bomb);
  expect('problems' in result && result.problems[0]?.message).toContain('a document type is not allowed');
});
