import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { startEngine, type TestEngine } from '#tests/support/engine.ts';

/** The simulated partner of the delivered estate, who buys by X12 on account. */
let engine: TestEngine;

const quickly = (estate: Estate): Estate => ({
  ...estate,
  systems: estate.systems.map((system) =>
    system.id === 'northfield' ? { ...system, settings: { ...system.settings, 'drop.poll_ms': '20' } } : system,
  ),
});

beforeAll(async () => {
  // The first items of the catalogue are those the engine knows.
  engine = await startEngine({ simulator: { catalogueSize: 5 }, estate: quickly });
  buyer().start();
}, 60_000);
afterAll(() => engine.close());

function buyer() {
  const found = engine.simulator.systems.buyers.get('northfield');
  if (found === undefined) throw new Error('the estate has no such partner');
  return found;
}
const answersOf = (number: string) =>
  (buyer().state()['orders'] as { number: string; answers: string[] }[]).find((order) => order.number === number)
    ?.answers;

test('the simulated partner orders, and is answered, told of its parcel and invoiced', async () => {
  const number = await buyer().order();
  const key = transactionKey('northfield', number);
  const events = await engine.until(key, ({ step, status }) => step === 'settle' && status === 'completed');
  expect(events.filter(({ status }) => status === 'quarantined')).toEqual([]);
  await expect.poll(() => answersOf(number)?.sort(), { timeout: 20_000 }).toEqual(['810', '855', '856']);
});

test('an order of its that counts its segments wrongly is rejected, sent again, and carried', async () => {
  buyer().write('wrong_count');
  const number = await buyer().order();
  const key = transactionKey('northfield', number);
  await engine.until(key, ({ step, status }) => step === 'acknowledge_channel' && status === 'completed');
  expect(buyer().counts()['heard_997'] ?? 0).toBeGreaterThan(0);
});

test('a product code of its that nobody has mapped is a case', async () => {
  const number = await buyer().order({ unknownCode: true });
  const events = await engine.until(transactionKey('northfield', number), ({ status }) => status === 'quarantined');
  expect(events.at(-1)?.error_message).toContain('NF-');
});
