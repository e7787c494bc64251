import { Decimal, minorDigits, type Amount } from '../../money.ts';
import type { Loop, Segment } from '../reading.ts';
import { impliedCents } from './codes.ts';
import { headsAndSegments, segmentsOf, value } from './loops.ts';
import type { Problems } from './problems.ts';

/** Goods that an allowance, charge or tax is worked out from. */
export interface Base {
  amount: Amount;
  quantity: Amount;
  currency: string;
}

export interface Charge {
  segment: Segment;
  /** SAC02, or what the sender calls it. */
  code: string;
  title: string;
  amount: string;
}

/** Allowances (what is taken off) and charges (what is added) of a loop. Those without money are left out. */
export function chargesOf(loop: Loop, base: Base, problems: Problems): { allowances: Charge[]; charges: Charge[] } {
  const allowances: Charge[] = [];
  const charges: Charge[] = [];
  for (const segment of headsAndSegments(loop, 'SAC')) {
    const kind = value(segment, 1);
    // N: neither of the two; the other codes ask for or promise something without changing what is paid.
    if (kind !== 'A' && kind !== 'C') continue;
    const amount = amountOf(segment, base);
    const code = value(segment, 2) ?? value(segment, 4) ?? 'charge';
    const title = value(segment, 15) ?? code;
    if (amount === undefined)
      problems.add(
        'validation',
        'charge_without_amount',
        segment,
        5,
        `The ${kind === 'A' ? 'allowance' : 'charge'} "${title}" states no amount (SAC05), percentage (SAC07) or rate (SAC08). Add one.`,
      );
    else if (!new Decimal(amount).isZero())
      (kind === 'A' ? allowances : charges).push({ segment, code, title, amount });
  }
  return { allowances, charges };
}

function amountOf(segment: Segment, { amount, quantity, currency }: Base): string | undefined {
  const stated = value(segment, 5);
  if (stated !== undefined) return impliedCents(stated.replace('-', ''));
  const percent = value(segment, 7);
  const rate = value(segment, 8);
  if (percent !== undefined) return rounded(amount.times(percent).dividedBy(100), currency);
  if (rate !== undefined) return rounded(new Decimal(rate).times(value(segment, 10) ?? quantity), currency);
  return undefined;
}

export interface Tax {
  segment: Segment;
  code: string;
  /** A fraction: 8.25 percent is 0.0825. */
  rate: string;
  amount: string;
}

/** Taxes of a loop (TXI). One without an amount is worked out from its percentage. */
export function taxesOf(loop: Loop, base: Base, problems: Problems): Tax[] {
  return segmentsOf(loop, 'TXI').flatMap((segment): Tax[] => {
    const kind = value(segment, 1) ?? 'TX';
    const jurisdiction = value(segment, 5);
    const code = jurisdiction === undefined ? kind : `${kind} ${jurisdiction}`;
    const percent = value(segment, 3);
    const rate = new Decimal(percent ?? '0').dividedBy(100).toDecimalPlaces(6).toFixed();
    const stated = value(segment, 2);
    // Exempt: nothing is owed.
    if (stated === undefined && percent === undefined && ['1', '3', '5'].includes(value(segment, 6) ?? '')) return [];
    if (stated === undefined && percent === undefined) {
      problems.add(
        'validation',
        'tax_without_amount',
        segment,
        2,
        `The tax "${code}" states neither an amount (TXI02) nor a percentage (TXI03). Add one.`,
      );
      return [];
    }
    const amount = stated ?? rounded(base.amount.times(percent ?? '0').dividedBy(100), base.currency);
    return [{ segment, code, rate, amount }];
  });
}

const rounded = (amount: Amount, currency: string): string =>
  amount.toFixed(minorDigits(currency), Decimal.ROUND_HALF_UP);
