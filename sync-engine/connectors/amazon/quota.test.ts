import { expect, test } from 'vitest';
import { systemOf } from '#tests/fixtures/estate.ts';
import { createBucket, operationOf, quotasOf } from './quota.ts';

test('a rested operation may be called so many times at once, then as often as its rate allows', () => {
  let time = 0;
  const bucket = createBucket({ rate: 0.5, burst: 3 }, () => time);
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0]);
  expect(bucket.take()).toBe(2_000);
  time = 1_500;
  expect(bucket.take()).toBe(500);
  time = 2_000;
  expect(bucket.take()).toBe(0);
  time = 1_000_000;
  expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0, 2_000]);
});

test('the rate that an answer names is kept to, and what is no rate is not', () => {
  const bucket = createBucket({ rate: 1, burst: 1 }, () => 0);
  expect(bucket.take()).toBe(0);
  bucket.learn({ status: 200, headers: { 'x-amzn-ratelimit-limit': '0.25' } });
  expect(bucket.take()).toBe(4_000);
  for (const odd of ['', '0', '-3', 'many', 'Infinity']) {
    bucket.learn({ status: 200, headers: { 'x-amzn-ratelimit-limit': odd } });
    expect(bucket.take()).toBe(4_000);
  }
});

test('after a 429 nothing is left of what was counted, and fewer calls are made at once', () => {
  let time = 0;
  const bucket = createBucket({ rate: 0.5, burst: 5 }, () => time);
  bucket.learn({ status: 429, headers: {} });
  expect(bucket.take()).toBe(2_000);
  time = 1_000_000;
  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 2_000]);
});

test('what Amazon cannot have refilled before a call arrived there is not counted on', () => {
  let time = 0;
  const bucket = createBucket({ rate: 1, burst: 2 }, () => time);
  expect(bucket.take()).toBe(0);
  // The first call took its time; only from now on Amazon is known to refill.
  time = 900;
  bucket.learn({ status: 200, headers: {} });
  expect(bucket.take()).toBe(0);
  expect(bucket.take()).toBe(1_000);
});

test('every call has the quota of its operation', () => {
  const get = (path: string) => operationOf({ method: 'GET', path });
  expect(get('/orders/v0/orders?MarketplaceIds=A')).toBe('getOrders');
  expect(get('/orders/v0/orders/902-1')).toBe('getOrder');
  expect(get('/orders/v0/orders/902-1/orderItems?NextToken=x')).toBe('getOrderItems');
  expect(operationOf({ method: 'POST', path: '/orders/v0/orders/902-1/shipmentConfirmation' })).toBe('confirmShipment');
});

test('a quota that is none stops the start and is named', () => {
  expect(quotasOf(systemOf('amazon', { 'quota.getOrders': '0.1/5' })).getOrders).toEqual({ rate: 0.1, burst: 5 });
  expect(() => quotasOf(systemOf('amazon', { 'quota.getOrders': 'plenty' }))).toThrow(/quota\.getOrders/);
  expect(() => quotasOf(systemOf('amazon', { 'quota.getOrder': '0/5' }))).toThrow(/quota\.getOrder/);
});
