import { describe, expect, it } from 'vitest';
import { smallEstate } from '#tests/support/console.ts';
import { foundOf, groupOrders, judge, type Listed } from './compare.ts';

const listed = (more: Partial<Listed> = {}): Listed => ({
  system: 'shop',
  externalId: '1',
  number: '#1',
  placedAt: '2026-03-01T10:00:00.000Z',
  total: '19.90',
  currency: 'USD',
  test: false,
  cancelled: false,
  readAt: '2026-03-01T12:00:00.000Z',
  ...more,
});
const skip = { test_orders: 'skip', cancelled_orders: 'skip' } as const;
const process = { test_orders: 'process', cancelled_orders: 'process' } as const;
const nobody = new Set<string>();

describe('an order that a channel lists', () => {
  it('has arrived where it is known by the channel and its id', () => {
    expect(judge(listed(), new Set(['shop==1']), true, skip)).toBe('arrived');
    expect(judge(listed(), new Set(['other==1']), true, skip)).toBe('missing');
  });

  it('is undecided while our own inbox is not taken in', () => {
    expect(judge(listed(), nobody, false, skip)).toBe('undecided');
  });

  it('is not missing where policy would leave it alone, and is where policy would not', () => {
    for (const one of [listed({ test: true }), listed({ cancelled: true })]) {
      expect(judge(one, nobody, true, skip)).toBe('left_out');
      expect(judge(one, nobody, true, process)).toBe('missing');
    }
  });

  it('is apart by all it comes to, where it is missing', () => {
    expect(foundOf(listed(), '2026-03-01T12:00:01.000Z', smallEstate)).toMatchObject({
      ...{ domain: 'orders', channel: 'web', legal_entity: 'us', difference: '19.90', business_key: '#1' },
      occurred_at: '2026-03-01T10:00:00.000Z',
    });
  });

  it('is summed up by channel and currency, without what nothing is done for', () => {
    const judged = [
      { ...listed(), verdict: 'arrived' as const },
      { ...listed({ total: '0.20' }), verdict: 'missing' as const },
      { ...listed({ total: '5.00' }), verdict: 'undecided' as const },
      { ...listed({ total: '7.00' }), verdict: 'left_out' as const },
      { ...listed({ currency: 'EUR', total: '3.00' }), verdict: 'arrived' as const },
    ];
    expect(groupOrders(judged, smallEstate)).toMatchObject([
      { currency: 'EUR', compared: 1, agreeing: 1, undecided: 0, ours: '3.00', theirs: '3.00' },
      { currency: 'USD', compared: 2, agreeing: 1, undecided: 1, ours: '19.90', theirs: '20.10' },
    ]);
  });
});
