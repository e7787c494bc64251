import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decimal } from '../../money.ts';
import { compareMoney, groupMatches, type Line, matchKey } from './compare.ts';

const line = (more: Partial<Line> = {}): Line => ({
  subject: 'capture',
  system: 'stripe',
  reference: 'ch_1',
  at: '2026-03-01T12:00:00.000Z',
  amount: '10.00',
  currency: 'GBP',
  channel: 'marketplace',
  method: 'card',
  legal_entity: 'uk-retail',
  business_key: 'M-1',
  key: 'marketplace==1',
  references: [],
  ...more,
});
const period = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
const compare = (ours: Line[], theirs: Line[], more: Partial<Parameters<typeof compareMoney>[0]> = {}) =>
  compareMoney({ ours, theirs, tolerance: '0.00', reopened: new Set(), ...period, ...more });
const kinds = (...matches: ReturnType<typeof compare>) => matches.map(({ reference, kind }) => [reference, kind]);

describe('captures and refunds', () => {
  it('agree by reference and amount', () => {
    expect(kinds(...compare([line()], [line({ method: '' })]))).toEqual([['ch_1', undefined]]);
  });

  it('are missing, unknown or of another amount otherwise', () => {
    const found = compare(
      [line(), line({ reference: 'ch_2' })],
      [line({ amount: '9.99' }), line({ reference: 'ch_3', subject: 'refund' })],
    );
    expect(kinds(...found)).toEqual([
      ['ch_1', 'capture_amount'],
      ['ch_2', 'capture_missing'],
      ['ch_3', 'refund_unknown'],
    ]);
  });

  it('taken in parts under one reference add up', () => {
    const parts = [line({ amount: '4.10' }), line({ amount: '5.90' })];
    expect(kinds(...compare(parts, [line()]))).toEqual([['ch_1', undefined]]);
  });

  it('that were exchanged are the whole charge where its parts make it, and what the rate makes of them otherwise', () => {
    const yen = (amount: string) => line({ amount, currency: 'JPY' });
    const part = (amount: string, margin: string) => ({ ...yen(amount), exchanged: { whole: '300000', margin } });
    const whole = part('300022', '24');
    expect(kinds(...compare([yen('30000')], [whole]))).toEqual([['ch_1', 'capture_amount']]);
    expect(kinds(...compare([yen('300000')], [whole]))).toEqual([['ch_1', undefined]]);
    // To the smallest unit, since the whole is told.
    expect(kinds(...compare([yen('300001')], [whole]))).toEqual([['ch_1', 'capture_amount']]);
    const parts = [part('100008', '9'), part('200015', '17')];
    expect(kinds(...compare([yen('100000'), yen('200000')], parts))).toEqual([['ch_1', undefined]]);
    // The other part lies before or after.
    expect(kinds(...compare([yen('100000')], parts.slice(0, 1)))).toEqual([['ch_1', undefined]]);
    expect(kinds(...compare([yen('100018')], parts.slice(0, 1)))).toEqual([['ch_1', 'capture_amount']]);
  });

  it('of which a side does not say how much they were are undecided, and agree with nothing', () => {
    const matches = compare([line()], [line({ amount: '' })]);
    expect(matches).toMatchObject([{ reference: 'ch_1', undecided: true }]);
    expect(groupMatches(matches)).toMatchObject([{ compared: 0, agreeing: 0, undecided: 1, ours: '0.00' }]);
  });

  it('may differ by the tolerance', () => {
    expect(kinds(...compare([line()], [line({ amount: '10.01' })], { tolerance: '0.01' }))).toEqual([
      ['ch_1', undefined],
    ]);
  });

  it('of another period are left alone, but for those of an open break', () => {
    const old = line({ at: '2026-02-20T00:00:00.000Z' });
    expect(compare([old], [])).toEqual([]);
    expect(kinds(...compare([old], [], { reopened: new Set([matchKey(old)]) }))).toEqual([['ch_1', 'capture_missing']]);
  });

  it('at the edge find their other half beyond it', () => {
    const late = line({ at: '2026-03-02T00:00:03.000Z' });
    expect(kinds(...compare([late], [line({ at: '2026-03-01T23:59:58.000Z' })]))).toEqual([['ch_1', undefined]]);
  });

  it('of one currency never stand for those of another', () => {
    expect(kinds(...compare([line()], [line({ currency: 'USD' })]))).toEqual([
      ['ch_1', 'capture_missing'],
      ['ch_1', 'capture_unknown'],
    ]);
  });
});

describe('postings', () => {
  const invoice = (more: Partial<Line> = {}) =>
    line({ subject: 'invoice', system: 'netsuite', reference: 'inv-1', ...more });

  it('in the books of another legal entity are a break of their own', () => {
    expect(kinds(...compare([invoice()], [invoice({ legal_entity: 'us-retail' })]))).toEqual([
      ['inv-1', 'posting_entity'],
    ]);
  });

  it('whose amount we do not say are held to be there, and no more', () => {
    expect(kinds(...compare([invoice({ amount: '' })], [invoice({ amount: '77.00' })]))).toEqual([
      ['inv-1', undefined],
    ]);
  });
});

describe('whatever the lines are', () => {
  const cents = fc.integer({ min: 1, max: 500 }).map((value) => new Decimal(value).dividedBy(100).toFixed(2));
  const lines = fc.array(
    fc.record({
      reference: fc.constantFrom('a', 'b', 'c', 'd'),
      amount: cents,
      currency: fc.constantFrom('GBP', 'USD'),
    }),
  );

  it('every line is in exactly one match, and a side held against itself agrees', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const [ours, theirs] = [a.map(line), b.map(line)];
        const matches = compare(ours, theirs);
        expect(matches.flatMap((one) => one.ours)).toHaveLength(ours.length);
        expect(matches.flatMap((one) => one.theirs)).toHaveLength(theirs.length);
        expect(compare(ours, ours).every(({ kind }) => kind === undefined)).toBe(true);
      }),
    );
  });

  it('groups add up to the lines, to the cent and by currency', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const [ours, theirs] = [a.map(line), b.map(line)];
        const groups = groupMatches(compare(ours, theirs));
        for (const currency of ['GBP', 'USD']) {
          const sum = (list: Line[]) =>
            list
              .filter((one) => one.currency === currency)
              .reduce((total, one) => total.plus(one.amount), new Decimal(0));
          const grouped = (side: 'ours' | 'theirs') =>
            groups
              .filter((one) => one.currency === currency)
              .reduce((total, one) => total.plus(one[side]), new Decimal(0));
          expect(grouped('ours').equals(sum(ours))).toBe(true);
          expect(grouped('theirs').equals(sum(theirs))).toBe(true);
        }
      }),
    );
  });
});
