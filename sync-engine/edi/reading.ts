import type { X12Delimiters } from '#contracts/x12/delimiters.ts';
import type { X12SetName } from '#contracts/x12/walk.ts';
import type { Effect } from './codes.ts';
import type { X12Error } from './errors.ts';
import type { Release } from './grammar/elements.ts';
import type { Partner } from './partner.ts';

/** One segment as it arrived; `elements[0]` is element 01. Offsets are bytes, end exclusive. */
export interface Segment {
  id: string;
  elements: readonly string[];
  /** The same before bytes became text, where that made a difference. */
  raw?: readonly string[];
  /** Its name and number in paths. */
  name: string;
  ordinal: number;
  /** Number in its set, ST being 1; in the document where it is in none. */
  position: number;
  from: number;
  to: number;
  terminated: boolean;
  delimiters: X12Delimiters;
}

/** A loop of a set: the segment that begins it, and what stands in it. The set itself is one, begun by ST. */
export interface Loop {
  head: Segment;
  segments: Segment[];
  loops: Loop[];
}

export type Verdict = 'accepted' | 'accepted_with_errors' | 'rejected';

export interface TransactionSet {
  name: X12SetName;
  /** ST01 and ST02. */
  id: string;
  controlNumber: string;
  /** ST to SE. */
  segments: Segment[];
  errors: X12Error[];
  verdict: Verdict;
  /** What stands in it by the grammar of its set; absent where that is not spoken here. */
  content?: Loop;
}

export interface GroupHeader {
  segment: Segment;
  functionalId: string;
  sender: string;
  receiver: string;
  date: string;
  time: string;
  controlNumber: string;
  version: string;
}

export interface FunctionalGroup {
  /** Absent for sets that stand in none. */
  header?: GroupHeader;
  trailer?: Segment;
  sets: TransactionSet[];
  errors: X12Error[];
  verdict: Verdict;
  release?: Release;
}

export interface InterchangeHeader {
  segment: Segment;
  /** Every field has its prescribed length. */
  padded: boolean;
  senderQualifier: string;
  sender: string;
  receiverQualifier: string;
  receiver: string;
  date: string;
  time: string;
  version: string;
  controlNumber: string;
  acknowledgmentRequested: boolean;
  test: boolean;
}

export interface Interchange {
  /** Absent for a fragment. */
  header?: InterchangeHeader;
  trailer?: Segment;
  groups: FunctionalGroup[];
  /** TA1 segments that answer interchanges of ours. */
  acknowledgments: Segment[];
  errors: X12Error[];
  verdict: Verdict;
  partner?: Partner;
}

export interface X12Reading {
  /** The document as text, one character a byte: what offsets point into. */
  text: string;
  interchanges: Interchange[];
  /** What belongs to no interchange. */
  errors: X12Error[];
}

/** What errors come to; a strict partner's document is taken only without any. */
export function verdictOf(errors: readonly { effect: Effect }[], strict: boolean): Verdict {
  if (errors.length === 0) return 'accepted';
  return strict || errors.some(({ effect }) => effect === 'rejects') ? 'rejected' : 'accepted_with_errors';
}

/** Every error of a reading, in the order of the document. */
export function allErrors({ errors, interchanges }: Pick<X12Reading, 'errors' | 'interchanges'>): X12Error[] {
  const found = [
    ...errors,
    ...interchanges.flatMap((interchange) => [
      ...interchange.errors,
      ...interchange.groups.flatMap((group) => [...group.errors, ...group.sets.flatMap((set) => set.errors)]),
    ]),
  ];
  return found.sort((a, b) => a.from - b.from);
}
