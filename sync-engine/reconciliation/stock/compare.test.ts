import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countItems, firstLook, groupPairs, judge, type Pair } from './compare.ts';

const pair = (more: Partial<Pair> = {}): Pair => ({
  side: 'wms',
  system: 'wms-east',
  channel: '',
  sku: 'A',
  location: 'dc-east',
  ours: 10,
  told: 0,
  theirs: 10,
  unconfirmed: false,
  ...more,
});

const nothing = () => false;

describe('a difference in stock', () => {
  it('is none within the tolerance', () => {
    expect(firstLook([pair({ theirs: 11 })], 1, nothing).suspected).toEqual([]);
    expect(firstLook([pair({ theirs: 12 })], 1, nothing).suspected).toHaveLength(1);
  });

  it('counts an item that the other side does not list as none', () => {
    expect(firstLook([pair({ ours: 0, theirs: undefined })], 0, nothing).agreeing).toHaveLength(1);
    expect(firstLook([pair({ ours: 1, theirs: undefined })], 0, nothing).suspected).toHaveLength(1);
  });

  it('stands once neither side moved between two readings', () => {
    expect(judge(pair({ theirs: 8 }), pair({ theirs: 8 }), 0)).toBe('differs');
  });

  it('is in flight while a side moves: a shipment that we have not heard of yet', () => {
    expect(judge(pair({ theirs: 8 }), pair({ ours: 9, theirs: 8 }), 0)).toBe('moving');
    expect(judge(pair({ theirs: 8 }), pair({ theirs: 7 }), 0)).toBe('moving');
    expect(judge(pair({ theirs: 8 }), pair({ ours: 8, theirs: 8 }), 0)).toBe('agrees');
  });

  it('is in flight while a publication is not confirmed', () => {
    const told = pair({ side: 'channel', theirs: 8, unconfirmed: true });
    expect(judge(told, { ...told, unconfirmed: false }, 0)).toBe('moving');
    expect(judge({ ...told, unconfirmed: false }, { ...told, unconfirmed: false }, 0)).toBe('differs');
  });

  it('is judged with the parcels that our books do not have yet', () => {
    // Ten on hand, two of them in a parcel that its order has not come to.
    const shelf = (theirs: number) => {
      const still = pair({ ours: 8, told: 2, theirs });
      return judge(still, still, 0);
    };
    expect([shelf(7), shelf(8), shelf(9)]).toEqual(['differs', 'agrees', 'differs']);
    expect(shelf(10)).toBe('moving');
    expect(judge(pair({ ours: 8, told: 2, theirs: 7 }), pair({ ours: 8, told: 0, theirs: 7 }), 0)).toBe('differs');
    expect(judge(pair({ theirs: 7 }), pair({ ours: 8, told: 2, theirs: 7 }), 0)).toBe('moving');
  });

  it('that stood is looked at twice, however equal it seems', () => {
    expect(firstLook([pair(), pair({ sku: 'B' })], 0, ({ sku }) => sku === 'B')).toMatchObject({
      agreeing: [{ sku: 'A' }],
      suspected: [{ sku: 'B' }],
    });
  });

  const quantity = fc.integer({ min: -5, max: 5 });
  const reading = fc.record({ ours: quantity, theirs: fc.option(quantity, { nil: undefined }) });

  it('is never found where the last reading was equal, nor from a single reading', () => {
    fc.assert(
      fc.property(reading, reading, fc.nat(3), (a, b, tolerance) => {
        const verdict = judge(pair(a), pair(b), tolerance);
        const off = Math.abs((b.theirs ?? 0) - b.ours);
        if (off <= tolerance) expect(verdict).toBe('agrees');
        if (verdict === 'differs') expect([a.ours, a.theirs]).toEqual([b.ours, b.theirs]);
      }),
    );
  });

  it('that stands still is always found in the end', () => {
    fc.assert(
      fc.property(reading, (a) => {
        const off = Math.abs((a.theirs ?? 0) - a.ours);
        expect(judge(pair(a), pair(a), 0)).toBe(off === 0 ? 'agrees' : 'differs');
      }),
    );
  });
});

describe('the figures of a comparison', () => {
  const erp = (more: Partial<Pair> = {}) => pair({ side: 'erp', system: 'netsuite', ...more });

  it('count SKU-locations: one agrees only where every side does, and is undecided where nobody differs but one moves', () => {
    const counted = countItems({
      agreeing: [pair(), erp(), pair({ sku: 'B' }), pair({ sku: 'C' })],
      differing: [erp({ sku: 'B', theirs: 12 })],
      undecided: [erp({ sku: 'C' }), erp({ sku: 'B', location: 'dc-west' })],
    });
    expect(counted).toEqual({ compared: 2, agreeing: 1, undecided: 2 });
  });

  it('leave no item out and count none twice', () => {
    const some = fc.array(
      fc.record({ sku: fc.constantFrom('A', 'B', 'C', 'D'), side: fc.constantFrom('erp' as const, 'wms' as const) }),
    );
    fc.assert(
      fc.property(some, some, some, (agreeing, differing, undecided) => {
        const made = (list: Partial<Pair>[]) => list.map((one) => pair(one));
        const judged = { agreeing: made(agreeing), differing: made(differing), undecided: made(undecided) };
        const { compared, agreeing: right, undecided: moving } = countItems(judged);
        const items = new Set([...agreeing, ...differing, ...undecided].map(({ sku }) => sku));
        expect(compared + moving).toBe(items.size);
        expect(right).toBeLessThanOrEqual(compared);
      }),
    );
  });

  it('are told by side and place, with the units of both', () => {
    expect(
      groupPairs({
        agreeing: [pair()],
        differing: [pair({ sku: 'B', ours: 5, theirs: undefined })],
        undecided: [pair({ sku: 'C' })],
      }),
    ).toMatchObject([
      {
        subject: 'wms',
        system: 'wms-east',
        location: 'dc-east',
        compared: 2,
        agreeing: 1,
        undecided: 1,
        ours: '15',
        theirs: '10',
      },
    ]);
  });
});
