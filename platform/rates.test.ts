import { describe, expect, it } from 'vitest';
import { dayOf, ratesOn } from './rates.ts';

const estate = { reporting_currency: 'USD', rates: { USD: '1', EUR: '1.08', GBP: '1.27' } };
const set = [
  { day: '2026-03-03', currency: 'EUR', rate: '1.10' },
  { day: '2026-03-01', currency: 'EUR', rate: '1.09' },
  { day: '2026-03-02', currency: 'JPY', rate: '0.0067' },
];
const on = (day: string, currency: string) => ratesOn(day, estate, set).of.get(currency);

describe('the rate in force on a day', () => {
  it('is the latest that was set for the day or one before it, in whatever order they were set', () => {
    expect(on('2026-03-01', 'EUR')).toEqual({ rate: '1.09', since: '2026-03-01' });
    expect(on('2026-03-02', 'EUR')).toEqual({ rate: '1.09', since: '2026-03-01' });
    expect(on('2026-03-03', 'EUR')).toEqual({ rate: '1.10', since: '2026-03-03' });
    expect(on('2027-01-01', 'EUR')).toEqual({ rate: '1.10', since: '2026-03-03' });
  });

  it('is the estate file’s before the first that was set, and where none ever was', () => {
    expect(on('2026-02-28', 'EUR')).toEqual({ rate: '1.08', since: '' });
    expect(on('2026-03-03', 'GBP')).toEqual({ rate: '1.27', since: '' });
  });

  it('is none before the first where the estate file has none', () => {
    expect(on('2026-03-01', 'JPY')).toBeUndefined();
    expect(on('2026-03-02', 'JPY')).toEqual({ rate: '0.0067', since: '2026-03-02' });
    expect(on('2026-03-02', 'CHF')).toBeUndefined();
  });

  it('is 1 of the reporting currency, whatever anybody says', () => {
    const odd = [{ day: '2026-01-01', currency: 'USD', rate: '2' }];
    expect(ratesOn('2026-03-01', estate, odd).of.get('USD')).toEqual({ rate: '1', since: '' });
    expect(ratesOn('2026-03-01', { reporting_currency: 'USD', rates: {} }, []).of.get('USD')?.rate).toBe('1');
  });

  it('turns with the day in UTC', () => {
    expect(dayOf(new Date('2026-03-01T23:59:59.999Z'))).toBe('2026-03-01');
    expect(dayOf(new Date('2026-03-02T00:30:00+01:00'))).toBe('2026-03-01');
  });
});
