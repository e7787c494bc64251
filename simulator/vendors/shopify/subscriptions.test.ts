import { expect, test } from 'vitest';
import { openStore } from '../../store.ts';
import type { VendorContext } from '../vendor.ts';
import { createSubscriptions } from './subscriptions.ts';

test('a shop tells an address of a topic once, and another address beside it', async () => {
  let id = 0;
  const here = 'https://syncline.example/intake/shopify';
  const context = {
    ...{ system: { id: 'shop', settings: {} }, store: await openStore(), nextId: () => (id += 1) },
  } as unknown as VendorContext;
  const shop = createSubscriptions(context);
  const other = 'https://old.example/hooks';
  expect(shop.add('orders/create', here)).toBe('taken');
  expect(shop.add('orders/create', other)).toMatchObject({ address: other });
  expect(shop.add('orders/create', other)).toBe('taken');
  expect(shop.add('carts/update', here)).toBe('unknown');

  shop.drop('orders/create');
  const addresses = () => shop.list().flatMap(({ topic, address }) => (topic === 'orders/create' ? [address] : []));
  expect([addresses(), shop.has('orders/create')]).toEqual([[other], false]);
  shop.add('orders/create', here);
  expect([addresses(), shop.has('orders/create')]).toEqual([[here, other], true]);
});
