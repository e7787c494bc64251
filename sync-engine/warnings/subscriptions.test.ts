import { describe, expect, it } from 'vitest';
import { shopify } from '../connectors/shopify/index.ts';
import { addressFor, missingTopics, neededOf } from './subscriptions.ts';

const here = 'https://syncline.example/intake/shopify';
const other = 'https://old.example/intake/shopify';
const listed = [
  { topic: 'orders/create', address: here },
  { topic: 'refunds/create', address: other },
];

describe('subscriptions', () => {
  it('are needed for all that the connector reads, or for what the estate names', () => {
    expect(neededOf({ settings: {} }, shopify).topics).toContain('inventory_levels/update');
    const settings = { webhook_topics: 'orders/create, refunds/create,', webhook_address: here };
    expect(neededOf({ settings }, shopify)).toEqual({ topics: ['orders/create', 'refunds/create'], address: here });
  });

  it('are missing where no one is told, or somebody at another address', () => {
    const topics = ['orders/create', 'refunds/create', 'orders/updated'];
    expect(missingTopics({ topics }, listed)).toEqual(['orders/updated']);
    expect(missingTopics({ topics, address: here }, listed)).toEqual(['refunds/create', 'orders/updated']);
  });

  it('are made at the declared address, or at the only one that is known', () => {
    expect(addressFor({ topics: [], address: here }, [])).toBe(here);
    expect(addressFor({ topics: [] }, listed.slice(0, 1))).toBe(here);
    expect(addressFor({ topics: [] }, listed)).toBeUndefined();
    expect(addressFor({ topics: [] }, [])).toBeUndefined();
  });
});
