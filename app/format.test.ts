import { describe, expect, it } from 'vitest';
import { figureDuration, formatDecimal, formatDuration, formatInstant, formatRate, middleEllipsis } from './format.ts';

describe('figures on screen', () => {
  it('writes decimals exactly, without passing through floats', () => {
    expect(formatDecimal('12345678901234.565')).toBe('12,345,678,901,234.57');
    expect(formatDecimal('-0.004')).toBe('0.00');
    expect(formatDecimal('403', 0)).toBe('403');
    expect(formatDecimal('not a number')).toBe('–');
  });
  it('writes durations in at most two units', () => {
    expect([850, 4_250, 59_999, 200_000, 7_500_000, 273_600_000].map(formatDuration)).toEqual([
      '850 ms',
      '4.2 s',
      '59 s',
      '3 min 20 s',
      '2 h 5 min',
      '3 d 4 h',
    ]);
    expect(figureDuration(204_000)).toEqual({ value: '3.4', unit: 'min' });
  });
  it('writes rates with no more digits than they are worth', () => {
    expect([0, 0.0004, 0.0667, 0.867, 12.34, 1_234.5].map(formatRate)).toEqual([
      '0',
      '< 0.01',
      '0.07',
      '0.87',
      '12.3',
      '1,235',
    ]);
  });
  it('shows an instant in the zone asked for', () => {
    expect(formatInstant('2026-07-01T22:30:00.000Z', 'Europe/Vienna')).toBe('2 Jul 2026, 00:30:00');
  });
  it('keeps both ends of a long identifier', () => {
    expect(middleEllipsis('shopify-us==6100061234567', 13)).toBe('shopif…234567');
  });
});
