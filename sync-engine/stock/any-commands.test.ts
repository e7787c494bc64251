import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AT, Partition } from '#tests/fixtures/stock-partition.ts';
import { apply } from './apply.ts';
import { availableToPromise } from '#contracts/v1/stock-rules.ts';
import type { StockCommandInput } from './commands.ts';
import type { Outcome } from './cycle.ts';
import { journalEntry } from './journal.ts';
import { emptyState, fromDocument, itemKey, toDocument } from './state.ts';

describe('whatever commands come in whatever batches', () => {
  const skus = fc.constantFrom('A', 'B', '__proto__');
  const locations = fc.constantFrom('east', 'west', 'store');
  const orders = fc.constantFrom('o1', 'o2', 'o3', 'o4');
  const lines = fc.array(fc.record({ sku: skus, quantity: fc.integer({ min: 1, max: 6 }) }), {
    minLength: 1,
    maxLength: 3,
  });
  const anyChange = fc
    .record({
      change_id: fc.integer({ min: 0, max: 60 }).map((id) => `id${id}`),
      source: fc.constantFrom('wms', 'pos'),
      sku: skus,
      location: locations,
      reason: fc.constantFrom('count', 'receipt', 'sale', 'return', 'adjustment'),
      quantity: fc.integer({ min: 0, max: 20 }),
      version: fc.integer({ min: 0, max: 30 }),
    })
    .map((drawn) => ({
      type: 'change' as const,
      change: {
        schema_version: 1 as const,
        ...drawn,
        quantity: drawn.reason === 'sale' ? -drawn.quantity : drawn.quantity,
        occurred_at: AT,
      },
    }));
  const command: fc.Arbitrary<StockCommandInput> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('reserve' as const), order_key: orders, location: locations, lines }),
    },
    { weight: 3, arbitrary: anyChange },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('release' as const), order_key: orders }) },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('commit_shipment' as const),
        order_key: orders,
        shipment_id: fc.constantFrom('s1', 's2', 's3'),
        location: locations,
        lines,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('published' as const),
        channel: fc.constantFrom('web', 'outlet'),
        items: fc.array(
          fc.record({
            sku: skus,
            location: locations,
            version: fc.integer({ min: 0, max: 12 }),
            quantity: fc.integer({ min: 0, max: 9 }),
            sent_at: fc.constant(AT),
            confirmed_at: fc.constant(AT),
          }),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('drifted' as const),
        drift_id: fc.constantFrom('d1', 'd2', 'd3'),
        channel: fc.constantFrom('web', 'outlet'),
        sku: skus,
        location: locations,
        confirmed: fc.integer({ min: 0, max: 3 }),
        shown: fc.integer({ min: -1, max: 9 }),
      }),
    },
  );
  const batches = fc.array(fc.array(command, { minLength: 1, maxLength: 6 }), { maxLength: 30 });

  test('no reservation is granted beyond what is available, and none is ever negative', () => {
    fc.assert(
      fc.property(batches, (drawn) => {
        const partition = new Partition();
        for (const commands of drawn) {
          for (const one of commands) {
            const before = new Map([...partition.state.items].map(([key, item]) => [key, availableToPromise(item)]));
            partition.run(one);
            for (const [key, item] of partition.state.items) {
              expect(item.reserved).toBeGreaterThanOrEqual(0);
              const fell = availableToPromise(item) < (before.get(key) ?? 0);
              if (one.type === 'reserve' && fell) expect(availableToPromise(item)).toBeGreaterThanOrEqual(0);
            }
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('on hand is what changes brought less what was shipped, and reserved what orders hold', () => {
    fc.assert(
      fc.property(batches, (drawn) => {
        const partition = new Partition();
        for (const commands of drawn) partition.run(...commands);
        const onHand = new Map<string, number>();
        const add = (key: string, by: number): void => void onHand.set(key, (onHand.get(key) ?? 0) + by);
        for (const { facts } of partition.journal) {
          for (const fact of facts) {
            if (fact.fact === 'changed') add(itemKey(fact.change.sku, fact.change.location), fact.delta);
            if (fact.fact === 'shipped')
              for (const line of fact.lines) add(itemKey(line.sku, fact.location), -line.quantity);
          }
        }
        const reserved = new Map<string, number>();
        for (const order of partition.state.openOrders.values()) {
          for (const line of order.lines) {
            const key = itemKey(line.sku, order.location);
            reserved.set(key, (reserved.get(key) ?? 0) + line.open);
          }
        }
        for (const [key, item] of partition.state.items) {
          expect(item.on_hand).toBe(onHand.get(key) ?? 0);
          expect(item.reserved).toBe(reserved.get(key) ?? 0);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('replaying the journal, also from a snapshot in its middle, gives the same state and the same outcomes', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (drawn, cut) => {
        const partition = new Partition();
        for (const commands of drawn) partition.run(...commands);
        let state = emptyState();
        const outcomes: Outcome[] = [];
        const middle = cut % partition.journal.length;
        partition.journal.forEach((entry, index) => {
          const stored: unknown = JSON.parse(JSON.stringify(entry));
          outcomes.push(...apply(state, journalEntry.parse(stored)));
          if (index === middle) state = fromDocument(JSON.parse(JSON.stringify(toDocument(state))));
        });
        expect(toDocument(state)).toEqual(toDocument(partition.state));
        expect(outcomes).toEqual(partition.outcomes);
      }),
      { numRuns: 150 },
    );
  });

  test('the outcomes of every cycle are numbered without a gap and only the last one closes it', () => {
    fc.assert(
      fc.property(batches, (drawn) => {
        const partition = new Partition();
        for (const commands of drawn) partition.run(...commands);
        const cycles = new Map<string, Outcome[]>();
        for (const outcome of partition.outcomes) {
          const key = `${outcome.sku}@${outcome.location}@${outcome.cycle}`;
          cycles.set(key, [...(cycles.get(key) ?? []), outcome]);
        }
        for (const outcomes of cycles.values()) {
          expect(outcomes.map((outcome) => outcome.ordinal)).toEqual(outcomes.map((_, index) => index + 1));
          expect(outcomes.slice(0, -1).filter((outcome) => outcome.closes)).toEqual([]);
        }
        for (const item of partition.state.items.values()) {
          const last = partition.outcomes.findLast(
            (outcome) => outcome.sku === item.sku && outcome.location === item.location,
          );
          if (last && item.cycle === undefined) expect(last.closes).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
