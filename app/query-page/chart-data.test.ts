import { describe, expect, it } from 'vitest';
import type { Cell, QueryResult } from '#app/sql/progress.ts';
import { chartData, firstChoice } from './chart-data.ts';

const result = (types: Record<string, string>, rows: Cell[][]): QueryResult => ({
  columns: Object.entries(types).map(([name, type]) => ({ name, type })),
  rows,
  more: false,
  milliseconds: 1,
  rowsRead: 1,
  bytesRead: 1,
});

describe('the chart of a result', () => {
  it('draws the first number over time, a series for each text where times repeat', () => {
    const answer = result({ hour: 'DateTime', channel: 'String', orders: 'UInt64' }, [
      ['2026-01-01T00:00:00Z', 'web', '3'],
      ['2026-01-01T00:00:00Z', 'market', '5'],
      ['2026-01-01T01:00:00Z', 'web', null],
    ]);
    const choice = firstChoice(answer);
    expect(choice).toEqual({ kind: 'lines', x: 0, y: 2, by: 1 });
    expect(choice && chartData(answer, choice)).toEqual({
      points: [
        { x: '2026-01-01T00:00:00Z', s0: 5, s1: 3 },
        { x: '2026-01-01T01:00:00Z', s1: null },
      ],
      series: ['market', 'web'],
      xKind: 'time',
      left: '',
    });
  });

  it('draws bars over texts, and nothing where there is no number or only a row', () => {
    const rows: Cell[][] = [
      ['a', 1],
      ['b', 2],
    ];
    expect(firstChoice(result({ step: 'String', n: 'UInt8' }, rows))).toEqual({
      kind: 'bars',
      x: 0,
      y: 1,
      by: undefined,
    });
    expect(firstChoice(result({ step: 'String', n: 'String' }, rows))).toBeUndefined();
    expect(firstChoice(result({ step: 'String', n: 'UInt8' }, rows.slice(1)))).toBeUndefined();
  });

  it('draws one value at a place, and says that others are left out', () => {
    const answer = result({ system: 'String', step: 'String', failures: 'UInt64' }, [
      ['erp', 'post', '5'],
      ['erp', 'confirm', '2'],
      ['erp', 'post', '1'],
    ]);
    const choice = firstChoice(answer);
    expect(choice).toEqual({ kind: 'bars', x: 0, y: 2, by: 1 });
    const drawn = choice && chartData(answer, choice);
    expect(drawn?.points).toEqual([{ x: 'erp', s0: 5, s1: 2 }]);
    expect(drawn?.left).toContain('1 row is not drawn');
  });

  it('says what it leaves out', () => {
    const many = result(
      { n: 'UInt64', v: 'UInt64' },
      Array.from({ length: 600 }, (_, index) => [String(index), index]),
    );
    const drawn = chartData(many, { kind: 'lines', x: 0, y: 1, by: undefined });
    expect(drawn.points).toHaveLength(500);
    expect(drawn.left).toContain('100 rows are not drawn');
  });
});
