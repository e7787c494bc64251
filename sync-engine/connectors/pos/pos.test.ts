import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallEstate } from '#tests/fixtures/estate.ts';
import { readBatch } from './read-batch.ts';
import { readStoreReturn } from './store-return.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 300);
const mapping = (kind: string, code: string) => (kind === 'sku' && code === '4006381' ? 'NL-PEN' : undefined);
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

const batch = {
  schema_version: 1,
  store: 'store-001',
  sequence: 7,
  business_date: '2026-03-02',
  generated_at: '2026-03-02T10:00:00.000Z',
  currency: 'USD',
  transactions: [
    {
      id: '1',
      kind: 'sale',
      at: '2026-03-02T09:00:00.000Z',
      lines: [{ sku: '4006381', quantity: 1, net: '2.00' }],
      tenders: [{ tender: 'cash', amount: '2.00' }],
    },
  ],
};

test('a batch is read with the SKUs that a mapping translates', () => {
  const read = readBatch(bytes(batch), { mapping });
  expect('message' in read && read.message.transactions[0]?.lines[0]?.sku).toBe('NL-PEN');
});

test('what is wrong with a batch is named by its field', () => {
  const [sale] = batch.transactions;
  const wrong = { ...batch, transactions: [{ ...sale, tenders: [{ tender: 'cash', amount: 2 }] }] };
  const read = readBatch(bytes(wrong), { mapping });
  expect('problems' in read && read.problems.map(({ path }) => path)).toEqual(['/transactions/0/tenders/0/amount']);
});

test('what a till took back is a return: a person who corrects it cannot make a sale of it', () => {
  const [sale] = batch.transactions;
  const online_order = { channel: 'web', order: '1001' };
  const taken = (kind: string, business_date?: string) =>
    bytes({
      schema_version: 1,
      store: 'store-001',
      sequence: 7,
      business_date,
      currency: 'USD',
      receipt: { ...sale, kind, online_order },
    });
  const headers = {
    'syncline-system': 'tills',
    'syncline-topic': 'store.return',
    'syncline-received-at': sale?.at ?? '',
  };
  const context = {
    estate: smallEstate,
    system: 'tills',
    mapping,
    headers: { ...headers, 'syncline-origin': 'live' as const },
  };
  expect(readStoreReturn(taken('return', '2026-03-01'), context)).toMatchObject({
    message: { number: 'store-001.2026-03-01.7.1' },
  });
  // One that was held or stopped before the day was told.
  expect(readStoreReturn(taken('return'), context)).toMatchObject({ message: { number: 'store-001.2026-03-02.7.1' } });
  const read = readStoreReturn(taken('sale', '2026-03-01'), context);
  expect('problems' in read && read.problems.map(({ path }) => path)).toEqual(['/receipt/kind']);
});

test('whatever arrives is read or refused with a field, and never throws', () => {
  const spoilt = fc
    .record({ at: fc.constantFrom(...Object.keys(batch)), value: fc.jsonValue() })
    .map(({ at, value }) => JSON.stringify({ ...batch, [at]: value }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), spoilt), (text) => {
      const read = readBatch(bytes(text), { mapping });
      if ('problems' in read) expect(read.problems.length).toBeGreaterThan(0);
      else expect(read.message.store).not.toBe('');
    }),
    { numRuns: runs },
  );
});
