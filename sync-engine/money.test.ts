import { describe, expect, test } from 'vitest';
import { amountText, Decimal, fromMinorUnits, minorDigits, sumAmounts, toMinorUnits } from './money.ts';

describe('money', () => {
  test('a sum keeps the scale of its parts and every cent', () => {
    expect(sumAmounts(['0.10', '0.20'])).toBe('0.30');
    expect(sumAmounts(['100', '250'])).toBe('350');
    expect(sumAmounts([])).toBe('0.00');
    expect(sumAmounts(['999999999999999.999999', '0.000001'])).toBe('1000000000000000.000000');
  });
  test('an amount is written with the scale of what it came from', () => {
    expect(amountText(new Decimal('5'), '1.00')).toBe('5.00');
    expect(amountText(new Decimal('5.125'), '1.00')).toBe('5.125');
  });
  test.each([
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
  ])('%s has %i digits below one', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });
  test('smallest units go there and back', () => {
    expect(toMinorUnits('19.99', 'USD')).toBe('1999');
    expect(toMinorUnits('500', 'JPY')).toBe('500');
    expect(fromMinorUnits('1999', 'USD')).toBe('19.99');
    expect(fromMinorUnits('1', 'KWD')).toBe('0.001');
    expect(() => toMinorUnits('0.005', 'USD')).toThrow(RangeError);
  });
});
