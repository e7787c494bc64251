import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { System } from '#contracts/v1/estate.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { ConnectorError } from '../connectors/connector.ts';
import { createGate } from './gate.ts';
import { OVERDUE } from './paused.ts';

const declared = testEstate().systems.find(({ id }) => id === 'netsuite');
if (declared === undefined) throw new Error('the estate has no NetSuite');
const { rate_per_s: _, ...limits } = declared.limits;
const system: System = {
  ...declared,
  maintenance: [],
  limits: { ...limits, timeout_s: 5, breaker_failures: 2, breaker_open_s: 10 },
};
const failing = (errorClass: 'unavailable' | 'rejected') => () =>
  Promise.reject(new ConnectorError({ errorClass, code: 'x', message: 'no', retryable: true, mayHaveHappened: false }));
const well = () => Promise.resolve('well');
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => (error instanceof ConnectorError ? error.detail.code : String(error)),
  );

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the breaker', () => {
  test('opens after so many outages in a row, and then nothing reaches the system', async () => {
    const gate = createGate(system);
    const call = vi.fn(failing('unavailable'));
    expect(await codeOf(gate.run(call))).toBe('x');
    expect(await codeOf(gate.run(call))).toBe('x');
    expect(gate.state()).toBe('open');
    expect(await codeOf(gate.run(call))).toBe('breaker_open');
    expect(call).toHaveBeenCalledTimes(2);
  });

  test('stays closed on refusals: a system that refuses is well', async () => {
    const gate = createGate(system);
    for (let i = 0; i < 10; i++) await codeOf(gate.run(failing('rejected')));
    expect(gate.state()).toBe('closed');
  });

  test('hears nothing of calls that we were too slow to make', async () => {
    const gate = createGate(system);
    const overdue = () =>
      Promise.reject(
        new ConnectorError({
          errorClass: 'timeout',
          code: OVERDUE,
          message: 'no',
          retryable: true,
          mayHaveHappened: false,
        }),
      );
    for (let i = 0; i < 10; i++) expect(await codeOf(gate.run(overdue))).toBe(OVERDUE);
    expect(gate.state()).toBe('closed');
  });

  test('lets one call try after its time, which closes it or opens it again', async () => {
    const gate = createGate(system);
    const heard: string[] = [];
    gate.onChange(() => heard.push(gate.state()));
    for (let i = 0; i < 2; i++) await codeOf(gate.run(failing('unavailable')));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await codeOf(gate.run(failing('unavailable')))).toBe('x');
    expect(gate.state()).toBe('open');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await codeOf(gate.run(well))).toBe('answered');
    expect(gate.state()).toBe('closed');
    expect(heard).toEqual(['open', 'half_open', 'open', 'half_open', 'closed']);
  });
});

test('it counts every call that it lets through, and none that the breaker keeps back', async () => {
  const gate = createGate(system);
  expect(gate.callsPerSecond()).toBe(0);
  for (let i = 0; i < 58; i++) await gate.run(well);
  for (let i = 0; i < 2; i++) await codeOf(gate.run(failing('unavailable')));
  for (let i = 0; i < 30; i++) expect(await codeOf(gate.run(well))).toBe('breaker_open');
  expect(gate.callsPerSecond()).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(gate.callsPerSecond()).toBe(0);
});

test('in a maintenance window nothing is sent, nothing has happened, and the breaker hears nothing of it', async () => {
  vi.setSystemTime('2026-07-05T08:10:00.000Z');
  const window = { starts: '0 8 * * *', time_zone: 'UTC', duration_s: 1_800, reason: 'daily' };
  const gate = createGate({ ...system, maintenance: [window] });
  const call = vi.fn(well);
  for (let i = 0; i < 5; i++) {
    const error: unknown = await gate.run(call).catch((reason: unknown) => reason);
    expect((error as ConnectorError).detail).toMatchObject({
      code: 'maintenance',
      retryable: true,
      retryAfterMs: 20 * 60_000,
      mayHaveHappened: false,
    });
  }
  expect(call).not.toHaveBeenCalled();
  expect(gate.state()).toBe('closed');
  vi.setSystemTime('2026-07-05T08:30:00.000Z');
  expect(await codeOf(gate.run(call))).toBe('answered');
});

test('nothing passes while a person pauses it, not even what waits for the rate limit; the breaker does not count it', async () => {
  let paused = false;
  const listeners: (() => void)[] = [];
  const slow: System = { ...system, limits: { ...system.limits, rate_per_s: 10 } };
  const gate = createGate(slow, () => new Date(), {
    get: (id) => ({
      ...{ id, paused, windows: [], version: 1, reason: '' },
      ...{ changed_by: 'olga', changed_at: new Date().toISOString() },
    }),
    onChange: (listener) => void listeners.push(listener),
  });
  const told = vi.fn();
  gate.onChange(told);
  const call = vi.fn(well);
  // A second's worth may be made at once.
  await Promise.all(Array.from({ length: 10 }, () => gate.run(call)));
  const limited = codeOf(gate.run(call));
  paused = true;
  for (const listener of listeners) listener();
  expect(told).toHaveBeenCalledOnce();
  expect(await limited).toBe('paused');
  expect(await codeOf(gate.run(call))).toBe('paused');
  expect([gate.paused(), gate.state()]).toEqual([true, 'closed']);
  paused = false;
  vi.advanceTimersByTime(1_000);
  expect(await codeOf(gate.run(call))).toBe('answered');
  expect(call).toHaveBeenCalledTimes(11);
});
