import { describe, expect, it } from 'vitest';
import { compareCells, groupDigits, kindOf } from './cells.ts';

describe('cells of a result', () => {
  it('are numbers, times or texts by their type', () => {
    const kinds = [
      'UInt64',
      'Nullable(Decimal(21, 6))',
      'LowCardinality(Nullable(Float64))',
      'SimpleAggregateFunction(max, UInt32)',
    ];
    expect(kinds.map((type) => kindOf({ type }))).toEqual(['number', 'number', 'number', 'number']);
    expect(["DateTime64(3, 'UTC')", 'Nullable(DateTime)'].map((type) => kindOf({ type }))).toEqual(['time', 'time']);
    expect(['String', 'Array(UInt8)', 'Date', 'Bool'].map((type) => kindOf({ type }))).toEqual(Array(4).fill('text'));
  });

  it('keep every digit when they are grouped', () => {
    expect(groupDigits('18446744073709551615')).toBe('18,446,744,073,709,551,615');
    expect(groupDigits('-1234.5000')).toBe('−1,234.5000');
    expect([groupDigits('nan'), groupDigits('1e+300'), groupDigits('')]).toEqual(['nan', '1e+300', '']);
  });

  it('are ordered by what they are, with nothing last', () => {
    const ordered = (descending: boolean) =>
      ['10', null, '9', '-1'].sort((a, b) => compareCells(a, b, 'number', descending));
    expect(ordered(false)).toEqual(['-1', '9', '10', null]);
    expect(ordered(true)).toEqual(['10', '9', '-1', null]);
  });
});
