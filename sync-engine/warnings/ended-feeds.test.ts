import { expect, it } from 'vitest';
import { endedFeeds } from './ended-feeds.ts';

it('feeds that were ended on purpose are those that the estate names', () => {
  expect([...endedFeeds({ id: 'shop', settings: {} })]).toEqual([]);
  expect([...endedFeeds({ id: 'shop', settings: { ended_feeds: 'customer, stock,' } })]).toEqual(['customer', 'stock']);
  expect(() => endedFeeds({ id: 'shop', settings: { ended_feeds: 'customers' } })).toThrow(
    /ended_feeds of the system "shop" names "customers"; expected one of order, /,
  );
});
