/** A value to be written: text, the components of a composite, or nothing. */
export type OutElement = string | undefined | readonly (string | undefined)[];

/** A segment to be written: its id, then its elements from 01. Empty ones at the end are left out. */
export type OutSegment = readonly [id: string, ...elements: OutElement[]];

/** A transaction set to be written; ST and SE are added. */
export interface OutSet {
  id: string;
  segments: readonly OutSegment[];
}

export interface OutGroup {
  /** GS06, up to nine digits; given by whoever keeps count of them. */
  controlNumber: number;
  sets: readonly OutSet[];
}

export interface OutInterchange {
  /** ISA13, up to nine digits; given by whoever keeps count of them. */
  controlNumber: number;
  /** When it is written: a UTC instant. */
  at: string;
  groups: readonly OutGroup[];
  /** TA1 segments that answer interchanges of the partner. */
  acknowledgments?: readonly OutSegment[];
}
