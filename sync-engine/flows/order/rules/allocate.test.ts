import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planAllocation } from './allocate.ts';

const line = (line_id: string, sku: string, quantity: number) => ({ line_id, sku, quantity });
const stockOf = (held: Record<string, number>) => (sku: string, location: string) => held[`${sku}@${location}`] ?? 0;
const locations = ['east', 'west', 'eu'];

describe('sharing an order out', () => {
  test('prefers one location that holds everything, however late in the list it comes', () => {
    const plan = planAllocation({
      lines: [line('1', 'A', 2), line('2', 'B', 1)],
      locations,
      available: stockOf({ 'A@east': 2, 'A@west': 2, 'B@west': 1 }),
      maxLocations: 5,
    });
    expect(plan).toEqual({
      allocations: [{ location: 'west', lines: [line('1', 'A', 2), line('2', 'B', 1)] }],
      short: [],
    });
  });

  test('ships lines whole where it can, and begins a line only for what is left', () => {
    const plan = planAllocation({
      lines: [line('1', 'A', 4), line('2', 'B', 1)],
      locations,
      available: stockOf({ 'A@east': 3, 'A@west': 2, 'B@west': 1 }),
      maxLocations: 5,
    });
    expect(plan.allocations).toEqual([
      { location: 'west', lines: [line('2', 'B', 1), line('1', 'A', 2)] },
      { location: 'east', lines: [line('1', 'A', 2)] },
    ]);
    expect(plan.short).toEqual([]);
  });

  test('names what is nowhere', () => {
    const plan = planAllocation({
      lines: [line('1', 'A', 2)],
      locations,
      available: stockOf({ 'A@eu': 1 }),
      maxLocations: 1,
    });
    expect(plan).toEqual({ allocations: [{ location: 'eu', lines: [line('1', 'A', 1)] }], short: [line('1', 'A', 1)] });
  });

  test('never takes more than there is, and neither loses nor adds a unit', () => {
    const skus = ['A', 'B', 'C'];
    const inputs = fc.record({
      lines: fc.array(fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 9 }) }), {
        minLength: 1,
        maxLength: 6,
      }),
      held: fc.dictionary(
        fc.constantFrom(...skus.flatMap((sku) => locations.map((at) => `${sku}@${at}`))),
        fc.integer({ min: -3, max: 12 }),
      ),
      maxLocations: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(inputs, ({ lines: drawn, held, maxLocations }) => {
        const lines = drawn.map(({ sku, quantity }, i) => line(String(i), sku, quantity));
        const plan = planAllocation({ lines, locations, available: stockOf(held), maxLocations });
        const all = [...plan.allocations.flatMap((one) => one.lines), ...plan.short];
        for (const { line_id, quantity } of lines)
          expect(all.filter((one) => one.line_id === line_id).reduce((sum, one) => sum + one.quantity, 0)).toBe(
            quantity,
          );
        for (const { location, lines: taken } of plan.allocations)
          for (const sku of skus) {
            const units = taken.filter((one) => one.sku === sku).reduce((sum, one) => sum + one.quantity, 0);
            expect(units).toBeLessThanOrEqual(Math.max(0, stockOf(held)(sku, location)));
          }
        expect(plan.allocations.length).toBeLessThanOrEqual(maxLocations);
      }),
    );
  });
});
