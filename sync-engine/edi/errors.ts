import { codesOf, type CodeOf, type Effect, type ErrorLevel } from './codes.ts';

/** Which element of its segment an error is about; all from 1. */
export interface ElementPlace {
  number: number;
  component?: number;
  repetition?: number;
  /** Its number in the X12 data element dictionary (AK402). */
  reference?: string;
}

/** Where an error is. `from` and `to` are byte offsets, end exclusive. */
export interface X12ErrorPlace {
  /** As contracts/x12/path.ts writes it. */
  path: string;
  from: number;
  to: number;
  /** Id of the segment, as sent; empty for what is no segment. */
  segment: string;
  /** Number of the segment in its set, ST being 1 (AK302); in the document where it is in none. */
  position: number;
}

export interface X12ErrorAt<L extends ErrorLevel> extends X12ErrorPlace {
  level: L;
  code: CodeOf<L>;
  effect: Effect;
  element?: ElementPlace;
  /** The value found. */
  value?: string;
  message: string;
  remedy: string;
}

/** Everything that can be wrong with an X12 document, each with its X12 code: a value, never thrown. */
export type X12Error = { [L in ErrorLevel]: X12ErrorAt<L> }[ErrorLevel];

export function x12Error<L extends ErrorLevel>(
  level: L,
  code: CodeOf<L>,
  place: X12ErrorPlace,
  message: string,
  more: { element?: ElementPlace; value?: string; effect?: Effect; remedy?: string } = {},
): X12ErrorAt<L> {
  const codes: Readonly<Record<string, { effect: Effect; remedy: string }>> = codesOf[level];
  const { effect = 'rejects', remedy = '' } = codes[code] ?? {};
  return { level, code, ...place, effect, remedy, message, ...more };
}
