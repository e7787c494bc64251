import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { returnReasons } from '#simulator/catalogue/return-reasons.ts';
import { locationCode } from '#simulator/vendors/rest-wms/contract.ts';
import { sumAmounts } from '#sync-engine/money.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { ledgers } from '../support/returns.ts';

const ORDERS = 8;
let engine: TestEngine;
beforeAll(async () => {
  // As many items as the master data of a test has, and nobody who buys.
  const traffic = { ordersPerDay: 0, storeIntervalMs: 3_600_000, scenario: 'returns-wave' };
  engine = await startEngine({
    simulator: { catalogueSize: 5, traffic },
    estate: (estate) => ({ ...estate, policies: { ...estate.policies, refund_approval_above: '100000.00' } }),
  });
}, 60_000);
afterAll(() => engine.close());

test('a wave of returns is refunded and credited to the cent, and what says no reason is a case', async () => {
  const actor = { id: 'sam', roles: ['support' as const] };
  const map = (kind: 'return_reason' | 'location', code: string, target: string) =>
    commandOf(engine.nc, 'mapping.put', { kind, system: 'wms-east', code, target, actor, reason: 'test' });
  for (const { code, means } of returnReasons) await map('return_reason', code, means);
  await map('location', locationCode('dc-east'), 'dc-east');
  const ids = Array.from({ length: ORDERS }, (_, i) => 93_001 + i);
  for (const id of ids) {
    const placed_at = new Date().toISOString();
    engine.simulator.book.place({
      system: 'shopify-us',
      external_id: String(id),
      number: `#${id}`,
      placed_at,
      origin: 'simulated',
    });
    const key = await engine.placeOrder({ id });
    await engine.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
  }
  await engine.simulator.traffic.start();

  const last = new Map<string, StepEvent>();
  const isOver = ({ step, status }: StepEvent) => step === 'close' || status === 'quarantined';
  const consumer = await engine.js.consumers.get(streams.steps, { filter_subjects: 'steps.*.return_to_refund.*' });
  const messages = await consumer.consume();
  for await (const message of messages) {
    const event = message.json<StepEvent>();
    last.set(event.key, event);
    if (last.size === ORDERS && [...last.values()].every(isOver)) break;
  }
  messages.stop();

  const stopped = [...last.values()].filter(({ status }) => status === 'quarantined');
  expect(stopped.filter(({ error_code }) => error_code !== 'missing_reason_code')).toEqual([]);
  const closed = [...last.values()].filter(({ step }) => step === 'close');
  expect(closed.length).toBeGreaterThan(0);
  const books = ledgers(engine);
  const credits = closed.flatMap(({ key, amount }) => {
    const own = books.creditsOf(key);
    expect(own.map(({ total }) => total.toFixed(2))).toEqual([amount]);
    return own.map(({ total }) => total.toFixed(2));
  });
  const refunds = ids.flatMap((id) => {
    const order = books.shopOrder(String(id));
    expect(Number(order?.refunded)).toBeLessThanOrEqual(Number(order?.captured));
    return order?.refunded ?? [];
  });
  expect(sumAmounts(credits)).toBe(sumAmounts(refunds));
}, 120_000);
