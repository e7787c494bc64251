import type { CaseProblem } from '#contracts/v1/case.ts';
import { Decimal } from '../../money.ts';
import type { Partner } from '../partner.ts';
import type { OutSegment, OutSet } from '../write/outgoing.ts';

/** A set to be written, or why the canonical document cannot be said in X12. */
export type Mapped = { set: OutSet } | { problems: CaseProblem[] };

export function cannotBeWritten(path: string, error_code: string, message: string): CaseProblem {
  return { error_class: 'validation', error_code, path, document: 'canonical', message };
}

/** An amount as a type with two implied decimals (N2); undefined where it is finer than that. */
export function impliedDecimals(amount: string): string | undefined {
  const cents = new Decimal(amount).times(100);
  return cents.isInteger() ? cents.toFixed(0) : undefined;
}

/** Text that only people read, cut to what its element holds. */
export const fit = (text: string | undefined, most: number): string | undefined => {
  const short = text?.slice(0, most).trim();
  return short === '' ? undefined : short;
};

/** The code under which a partner knows a place of ours; undefined where its profile has none. */
export const codeOfLocation = ({ locations }: Partner, location: string): string | undefined =>
  Object.entries(locations).find(([, ours]) => ours === location)?.[0];

/** Segments without those that say nothing. */
export const present = (...segments: readonly (OutSegment | undefined)[]): OutSegment[] =>
  segments.filter((segment) => segment !== undefined);
