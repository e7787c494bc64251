import { describe, expect, test } from 'vitest';
import { maintenanceUntil, nextMaintenance } from '#platform/maintenance.ts';
import { retryDelayMs } from './backoff.ts';
import { createRateLimit } from './rate-limit.ts';
import { RateMeter } from './rate-meter.ts';
import { Slots } from './slots.ts';
import { testEstate } from '#tests/support/simulator.ts';

const [anySystem] = testEstate().systems;
if (anySystem === undefined) throw new Error('the estate is empty');

describe('the wait before a retry', () => {
  const policy = { max_attempts: 8, initial_delay_s: 1, max_delay_s: 10 };

  test('doubles with each attempt up to its limit', () => {
    const waits = [1, 2, 3, 4, 5, 30].map((attempt) => retryDelayMs(attempt, policy, () => 1));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  test('is never less than half, so that those which failed together come back apart', () => {
    expect(retryDelayMs(3, policy, () => 0)).toBe(2_000);
    expect(retryDelayMs(3, policy, () => 0.5)).toBe(3_000);
  });
});

describe('a rate limit', () => {
  test('lets a second’s worth through at once and spaces the rest', () => {
    const rate = createRateLimit(2, () => 0);
    expect([rate.take(), rate.take(), rate.take(), rate.take()]).toEqual([0, 0, 500, 1_000]);
  });

  test('gives back with time, and never more than a second’s worth', () => {
    let now = 0;
    const rate = createRateLimit(2, () => now);
    rate.take();
    rate.take();
    now = 60_000;
    expect([rate.take(), rate.take(), rate.take()]).toEqual([0, 0, 500]);
  });

  test('slower than one a second still lets the first call through', () => {
    const rate = createRateLimit(0.5, () => 0);
    expect([rate.take(), rate.take()]).toEqual([0, 2_000]);
  });

  test('that is not set waits for nothing', () => {
    const rate = createRateLimit(undefined, () => 0);
    expect(Array.from({ length: 100 }, () => rate.take())).toEqual(new Array(100).fill(0));
  });
});

describe('the rate of answers', () => {
  test('is that of the last minute', () => {
    let now = 0;
    const meter = new RateMeter(() => now);
    for (let i = 0; i < 120; i++) meter.count();
    expect(meter.perSecond()).toBe(2);
    now = 30_000;
    for (let i = 0; i < 60; i++) meter.count();
    expect(meter.perSecond()).toBe(3);
    now = 60_000;
    expect(meter.perSecond()).toBe(1);
    now = 3_600_000;
    expect(meter.perSecond()).toBe(0);
  });
});

describe('slots', () => {
  test('are never taken by more than the limit, and go to the most urgent first', async () => {
    const slots = new Slots(() => 1);
    const order: string[] = [];
    await slots.acquire(2);
    const waiting = [
      slots.acquire(2).then(() => order.push('bulk')),
      slots.acquire(0).then(() => order.push('urgent')),
      slots.acquire(1).then(() => order.push('standard')),
    ];
    for (const _ of waiting) {
      expect(slots.taken).toBe(1);
      slots.release();
      await new Promise(setImmediate);
    }
    await Promise.all(waiting);
    expect(order).toEqual(['urgent', 'standard', 'bulk']);
  });

  test('that grow let those who wait in, and that shrink let nobody in until enough are free', async () => {
    let limit = 1;
    const slots = new Slots(() => limit);
    await slots.acquire(0);
    const second = slots.acquire(0);
    limit = 2;
    slots.admit();
    await second;
    limit = 1;
    let third = false;
    const waiting = slots.acquire(0).then(() => (third = true));
    slots.release();
    await new Promise(setImmediate);
    expect(third).toBe(false);
    slots.release();
    await waiting;
    expect(slots.taken).toBe(1);
  });
});

describe('a maintenance window', () => {
  const window = { starts: '0 4 * * 0', time_zone: 'America/New_York', duration_s: 1_800, reason: 'weekly' };
  const until = (now: string, windows = [window]) =>
    maintenanceUntil({ ...anySystem, maintenance: windows }, new Date(now))?.toISOString();

  test('begins on the minute in its own time zone, and its end is outside', () => {
    // Sunday 4:00 in New York is 8:00 UTC in summer.
    expect(until('2026-07-05T07:59:59.999Z')).toBeUndefined();
    expect(until('2026-07-05T08:00:00.000Z')).toBe('2026-07-05T08:30:00.000Z');
    expect(until('2026-07-05T08:29:59.999Z')).toBe('2026-07-05T08:30:00.000Z');
    expect(until('2026-07-05T08:30:00.000Z')).toBeUndefined();
  });

  test('moves with the clock change', () => {
    expect(until('2026-12-06T08:10:00.000Z')).toBeUndefined();
    expect(until('2026-12-06T09:10:00.000Z')).toBe('2026-12-06T09:30:00.000Z');
  });

  test('over midnight holds on the day after', () => {
    const late = { ...window, starts: '30 23 * * *', time_zone: 'UTC', duration_s: 7_200 };
    expect(until('2026-07-05T01:00:00.000Z', [late])).toBe('2026-07-05T01:30:00.000Z');
  });

  test('that a person planned holds beside those that are declared, and its end is outside', () => {
    const planned = {
      ...{ id: '0011aabb', reason: 'an upgrade', planned_by: 'olga' },
      ...{ from: '2026-07-05T08:20:00.000Z', until: '2026-07-05T09:00:00.000Z' },
    };
    const plannedUntil = (now: string) =>
      maintenanceUntil({ ...anySystem, maintenance: [window] }, new Date(now), [planned])?.toISOString();
    expect(plannedUntil('2026-07-05T07:59:00.000Z')).toBeUndefined();
    expect(plannedUntil('2026-07-05T08:10:00.000Z')).toBe('2026-07-05T08:30:00.000Z');
    expect(plannedUntil('2026-07-05T08:30:00.000Z')).toBe('2026-07-05T09:00:00.000Z');
    expect(plannedUntil('2026-07-05T09:00:00.000Z')).toBeUndefined();
  });

  test('that is not declared is never in force', () => {
    expect(until('2026-07-05T08:10:00.000Z', [])).toBeUndefined();
  });

  test('is the next one from the moment on at which the one before it has ended', () => {
    const nightly = { ...window, starts: '0 1 * * *', time_zone: 'UTC', reason: 'nightly' };
    const next = (now: string) =>
      nextMaintenance({ ...anySystem, maintenance: [window, nightly] }, new Date(now))?.starts.toISOString();
    expect(next('2026-07-05T07:00:00.000Z')).toBe('2026-07-05T08:00:00.000Z');
    expect(next('2026-07-05T08:10:00.000Z')).toBe('2026-07-05T08:00:00.000Z');
    expect(next('2026-07-05T08:30:00.000Z')).toBe('2026-07-06T01:00:00.000Z');
  });
});
