import type { CodeOf } from '../codes.ts';
import type { ElementRule } from '../grammar/elements.ts';

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** YYYYMMDD or YYMMDD, a day of the calendar. */
export function isDate(text: string): boolean {
  const [, century = '20', year, month, day] = /^(\d\d)?(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return false;
  const of = Number(month);
  return of >= 1 && of <= 12 && Number(day) >= 1 && Number(day) <= daysIn(Number(`${century}${year}`), of);
}

/** HHMM, HHMMSS, or that with tenths or hundredths of a second. */
export const isTime = (text: string): boolean => /^([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?$/.test(text);

/** A decimal number as X12 writes it: digits with at most one point, a minus in front; no exponent. */
export const isDecimal = (text: string): boolean => /^-?(\d+\.?\d*|\.\d+)$/.test(text);

export interface ValueFault {
  code: CodeOf<'element'>;
  /** Completes "The quantity (PO102) …". */
  what: string;
}

/** What is wrong with a value, by the rule of its element; undefined where nothing is. */
export function valueFault(value: string, rule: ElementRule): ValueFault | undefined {
  switch (rule.type) {
    case 'DT':
      return isDate(value) ? undefined : { code: '8', what: `is "${value}", which is no date` };
    case 'TM':
      return isTime(value) ? lengthFault(value, rule) : { code: '9', what: `is "${value}", which is no time` };
    case 'R':
      return isDecimal(value) ? lengthFault(value, rule) : notNumeric(value, 'number');
    case 'N0':
    case 'N2':
      return /^-?\d+$/.test(value) ? lengthFault(value, rule) : notNumeric(value, 'whole number');
    case 'ID':
      return rule.codes !== undefined && !rule.codes.includes(value)
        ? { code: '7', what: `is "${value}"; it may be ${rule.codes.join(', ')}` }
        : lengthFault(value, rule);
    case 'AN':
      return lengthFault(value, rule);
  }
}

const notNumeric = (value: string, kind: string): ValueFault => ({
  code: '6',
  what: `is "${value}", which is no ${kind}`,
});

/** Sign and decimal point do not count (X12.6). */
function lengthFault(value: string, { type, min, max }: ElementRule): ValueFault | undefined {
  const length = type === 'R' || type.startsWith('N') ? value.replace(/[-.]/g, '').length : value.length;
  if (length < min) return { code: '4', what: `is "${value}", shorter than ${min} characters` };
  if (length > max) return { code: '5', what: `has ${length} characters; it may have ${max}` };
  return undefined;
}
