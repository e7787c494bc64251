import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bundle, bundleServices } from '#tests/chaos/bundle.ts';
import { runChaos } from '#tests/chaos/run.ts';
import { caughtWithout } from '#tests/chaos/sabotage.ts';

// The short form of `npm run chaos`, which hits every crash point and kills two hundred times.
const seed = 'short form';
const say = () => undefined;
const PATIENCE_MS = 300_000;
/** Where luck let a sabotaged build pass, it is tried again. */
const SEVERAL_ATTEMPTS_MS = 600_000;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleServices();
}, 60_000);
afterAll(() => bundle.remove());

describe('nothing is lost and nothing is done twice', () => {
  test(
    'although two engine replicas and ingest are killed and paused at random moments',
    async () => {
      const kills = { orders: 240, kills: 12 };
      const result = await runChaos({ bundle, environment: process.env, seed, kills, say });
      expect(result.violations.list()).toEqual([]);
      expect(result.orders).toBeGreaterThanOrEqual(kills.orders);
      expect(Object.values(result.killed.kills).reduce((sum, n) => sum + n, 0)).toBe(kills.kills);
    },
    PATIENCE_MS,
  );

  test(
    'although they die right before and right after what they write',
    async () => {
      const points = {
        engine: ['engine.step.after', 'engine.call.after', 'engine.enqueue.before', 'stock.journal.after'],
        ingest: ['ingest.insert.after', 'ingest.commit.before'],
      };
      const result = await runChaos({ bundle, environment: process.env, seed, points, say });
      expect(result.violations.list()).toEqual([]);
      expect(result.points.hit).toHaveLength(points.engine.length + points.ingest.length);
    },
    PATIENCE_MS,
  );
});

describe('the same checks catch a build', () => {
  test.each(['fence', 'claim'] as const)(
    'without the %s',
    async (missing) => {
      const violations = await caughtWithout(missing, { bundle, environment: process.env, seed, say });
      const kinds = violations.list().map(({ kind }) => kind);
      expect(kinds).toContain(missing === 'fence' ? 'event ids given twice' : 'ClickHouse steps');
    },
    SEVERAL_ATTEMPTS_MS,
  );
});
