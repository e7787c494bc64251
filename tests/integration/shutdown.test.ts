import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '#contracts/v1/subjects.ts';
import { controlSimulator } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

let estate: TestEngine;
beforeAll(async () => {
  estate = await startEngine({
    estate: (declared) => ({
      ...declared,
      systems: declared.systems.map((system) =>
        system.id === 'netsuite' ? { ...system, limits: { ...system.limits, concurrency: 2 } } : system,
      ),
    }),
  });
}, 60_000);
afterAll(async () => {
  await estate.simulator.close();
  await estate.nc.close();
  await estate.nats.close();
});

test('an engine that is stopped brings the calls under way to their end and hands back what it has not begun', async () => {
  await controlSimulator(estate, 'latency', { enabled: true, factor: 3 });
  const keys = await Promise.all(Array.from({ length: 8 }, (_, i) => estate.placeOrder({ id: 51_000 + i })));
  await Promise.race(
    keys.map((key) =>
      estate.until(key, ({ step, status }) => step === 'erp_create_sales_order' && status === 'started'),
    ),
  );
  await estate.engine.close();

  const open = await Promise.all(
    keys.map(async (key) => (await estate.events(key)).at(-1)).map(async (last) => (await last)?.status),
  );
  expect(open).not.toContain('started');
  for await (const { name, num_ack_pending } of estate.manager.consumers.list(streams.work))
    expect(num_ack_pending, `un-acknowledged messages of ${name}`).toBe(0);
  const waiting = await estate.manager.streams.info(streams.work);
  expect(waiting.state.messages).toBeGreaterThan(0);
}, 60_000);
