import { describe, expect, it } from 'vitest';
import type { Waiting } from './buckets.ts';
import { takeOutContradictions } from './contradictions.ts';
import { compileMapping } from './map-row.ts';
import { parseMapping } from './mapping.ts';

const map = compileMapping(
  parseMapping(`
version: 1
fields:
  flow: order_to_cash
  key: { system: shop, external_id: { from: order } }
  id: { from: id }
  step: { from: step }
  status: completed
  started_at: { from: at }
  system: erp
  amount: { from: amount }
attributes:
  note: { from: note }
`),
);

function row(line: number, values: Record<string, string> = {}): Waiting {
  const given = { order: '1', step: 'validate', at: '2026-05-01T10:00:00Z', amount: '10', ...values };
  const mapped = map(given, new Date('2026-06-01T00:00:00Z'));
  if (!('step' in mapped)) throw new Error(mapped.reason);
  return { line, ...mapped };
}
const linesOf = (rows: readonly { line: number }[]) => rows.map(({ line }) => line);

describe('rows of one step', () => {
  it('that say the same are one, whether or not they have an id', () => {
    const rows = [row(2), row(3), row(4, { id: 'a' }), row(5, { id: 'a' })];
    expect(takeOutContradictions(rows)).toEqual({ rows, refused: [] });
  });

  it.each([
    ['amount', { amount: '11' }],
    ['attributes.note', { note: 'by hand' }],
  ])('that differ in %s are refused but for the first of the file, which is named', (field, more) => {
    const sorted = takeOutContradictions([row(9), row(2, more), row(3, { step: 'settle' })]);
    expect(linesOf(sorted.rows)).toEqual([2, 3]);
    expect(sorted.refused).toEqual([
      { line: 9, field, reason: expect.stringContaining('is the step of line 2') as string },
    ]);
  });

  it('that have one id are one step, however much else differs', () => {
    const { rows, refused } = takeOutContradictions([row(2, { id: 'a' }), row(3, { id: 'a', step: 'settle' })]);
    expect(linesOf(rows)).toEqual([2]);
    expect(refused).toMatchObject([{ line: 3, field: 'step' }]);
  });
});
