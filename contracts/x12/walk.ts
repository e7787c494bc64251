import { elementsOf, scanX12, type ScanOptions, type X12Piece } from './scan.ts';

/** The transaction set a segment stands in: its name and which of that name in the document, from 1. */
export interface X12SetName {
  /** ST01 ("850"), or "ST" where that is not three digits. */
  id: string;
  ordinal: number;
}

export interface X12Step {
  piece: X12Piece;
  elements: string[];
  /** The set it belongs to, ST and SE included; absent for envelopes and for what stands between sets. */
  set?: X12SetName;
  /** Name of the segment in paths: its id, "?" where that is none. */
  name: string;
  /** Which segment of that name, in its set or, outside of sets, in the document; from 1. */
  ordinal: number;
  /** Number of the segment in its set, ST being 1; in the document where it is in none. */
  position: number;
}

const envelope = new Set(['ISA', 'IEA', 'GS', 'GE', 'ST']);

/** The pieces of a document in order, each named so that readers, errors and the console mean the same by a path. */
export function* walkX12(text: string, options: ScanOptions = {}): Generator<X12Step> {
  const sets = new Map<string, number>();
  const outside = new Map<string, number>();
  let set: X12SetName | undefined;
  let within = new Map<string, number>();
  let position = 0;
  let count = 0;
  for (const piece of scanX12(text, options)) {
    const elements = elementsOf(text, piece);
    if (envelope.has(piece.id)) set = undefined;
    if (piece.id === 'ST') {
      const id = setName(elements[0] ?? '');
      set = { id, ordinal: next(sets, id) };
      within = new Map();
      position = 0;
    }
    position += 1;
    count += 1;
    const name = isSegmentId(piece.id) ? piece.id : '?';
    yield {
      piece,
      elements,
      ...(set === undefined ? {} : { set }),
      name,
      ordinal: next(set === undefined ? outside : within, name),
      position: set === undefined ? count : position,
    };
    if (piece.id === 'SE') set = undefined;
  }
}

export const isSegmentId = (id: string): boolean => /^[A-Z][A-Z0-9]{1,2}$/.test(id);

const setName = (declared: string): string => (/^\d{3}$/.test(declared) ? declared : 'ST');

function next(counts: Map<string, number>, name: string): number {
  const ordinal = (counts.get(name) ?? 0) + 1;
  counts.set(name, ordinal);
  return ordinal;
}
