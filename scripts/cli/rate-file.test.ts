import { describe, expect, it } from 'vitest';
import { RateFileError, readRateFile } from './rate-file.ts';

const problemsOf = (text: string): string[] => {
  try {
    readRateFile(text);
  } catch (error) {
    if (error instanceof RateFileError) return error.problems.map(({ line, message }) => `${line}: ${message}`);
    throw error;
  }
  return [];
};

describe('a file of rates', () => {
  it('has its columns in any order, others beside them, and lines that are empty', () => {
    expect(
      readRateFile(
        '\uFEFFCurrency,rate,Day,note\r\nEUR,1.0834,2026-11-27,"one\r\ntwo"\r\n\r\nGBP, 1.27 ,2026-11-28,\r\n',
      ),
    ).toEqual([
      { line: 2, rate: { day: '2026-11-27', currency: 'EUR', rate: '1.0834' } },
      { line: 5, rate: { day: '2026-11-28', currency: 'GBP', rate: '1.27' } },
    ]);
  });

  it('is refused with every line that is wrong', () => {
    const file =
      'day,currency,rate\n2026-11-27,EUR,1.08\n2026-02-30,EUR,1.08\n2026-11-28,eur,1.08\n2026-11-29,EUR,"1,08"\n2026-11-29,EUR,0\n2026-11-29,EUR';
    expect(problemsOf(file)).toEqual([
      expect.stringContaining('3: day: expected a day'),
      expect.stringContaining('4: currency: expected an ISO 4217 code'),
      expect.stringContaining('5: rate: expected a rate above zero'),
      expect.stringContaining('6: rate: expected a rate above zero'),
      expect.stringContaining('7: has 2 columns'),
    ]);
  });

  it('says what its first line lacks, and where it is empty', () => {
    expect(problemsOf('date,currency,rate\n2026-11-27,EUR,1.08')).toEqual([expect.stringContaining('1: ') as string]);
    expect(problemsOf('')).toEqual([expect.stringContaining('the columns day, currency, rate') as string]);
    expect(problemsOf('day,currency,rate\n')).toEqual([expect.stringContaining('2: There is no row') as string]);
    expect(problemsOf('day,currency,rate\n2026-11-27,"EUR,1.08\n')).toHaveLength(1);
  });
});
