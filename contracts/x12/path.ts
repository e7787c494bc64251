import { elementRange, type X12Piece } from './scan.ts';
import { walkX12, type X12SetName } from './walk.ts';

/**
 * A place in an X12 document, as the `path` of a case's problem names it:
 *
 *     /850[1]                     the first 850 of the document
 *     /850[1]/PO1[2]              its second PO1
 *     /850[1]/PO1[2]/PO104        element 04 of that
 *     /850[1]/REF[1]/REF04-2      component 2 of an element
 *     /850[1]/ABC[1]/ABC01[3]     repetition 3 of an element
 *     /850[1]/PO1[2]/PID          a PID that is missing behind that PO1
 *     /850[1]/BEG                 a BEG that is missing in the set
 *     /GS[1]/GS08                 outside of sets: the first GS of the document
 *
 * Every number is from 1. A segment whose id is none is named `?`, a set whose ST01 is none `ST`.
 */
export interface X12Place {
  set?: X12SetName;
  segment?: { id: string; ordinal: number };
  /** Id of a segment that is missing behind `segment`, or in the set. */
  missing?: string;
  element?: { number: number; component?: number; repetition?: number };
}

export function x12Path({ set, segment, missing, element }: X12Place): string {
  const parts = [
    ...(set === undefined ? [] : [`${set.id}[${set.ordinal}]`]),
    ...(segment === undefined ? [] : [`${segment.id}[${segment.ordinal}]`]),
    ...(missing === undefined ? [] : [missing]),
    ...(segment === undefined || element === undefined ? [] : [`${segment.id}${elementName(element)}`]),
  ];
  return parts.map((part) => `/${part}`).join('');
}

const elementName = ({ number, component, repetition }: NonNullable<X12Place['element']>): string =>
  `${String(number).padStart(2, '0')}${repetition === undefined ? '' : `[${repetition}]`}${component === undefined ? '' : `-${component}`}`;

const named = /^(\?|[A-Z0-9]{2,3})\[(\d{1,9})\]$/;
const isSet = (id: string): boolean => /^(ST|\d{3})$/.test(id);
const bareId = /^[A-Z][A-Z0-9]{1,2}$/;

/** Undefined for a text that is no such path, a JSON Pointer for instance. */
export function parseX12Path(path: string): X12Place | undefined {
  const [before, ...parts] = path.split('/');
  const first = placeOf(parts[0]);
  if (before !== '' || first === undefined) return undefined;
  if (!isSet(first.id)) return parts.length > 2 ? undefined : withinSegment({ segment: first }, first.id, parts[1]);
  const second = placeOf(parts[1]);
  if (second === undefined) return parts.length > 2 ? undefined : missingIn({ set: first }, parts[1]);
  return parts.length > 3 ? undefined : withinSegment({ set: first, segment: second }, second.id, parts[2]);
}

function placeOf(part: string | undefined): { id: string; ordinal: number } | undefined {
  const [, id, ordinal] = named.exec(part ?? '') ?? [];
  return id === undefined ? undefined : { id, ordinal: Number(ordinal) };
}

function withinSegment(place: X12Place, id: string, part: string | undefined): X12Place | undefined {
  const element = part === undefined ? undefined : elementOf(id, part);
  return element === undefined ? missingIn(place, part) : { ...place, element };
}

function missingIn(place: X12Place, part: string | undefined): X12Place | undefined {
  if (part === undefined) return place;
  return bareId.test(part) ? { ...place, missing: part } : undefined;
}

function elementOf(id: string, part: string): X12Place['element'] {
  if (!part.startsWith(id)) return undefined;
  const found = /^(\d{2,3})(?:\[(\d+)\])?(?:-(\d+))?$/.exec(part.slice(id.length));
  if (found === null) return undefined;
  const [, number, repetition, component] = found;
  return {
    number: Number(number),
    ...(repetition === undefined ? {} : { repetition: Number(repetition) }),
    ...(component === undefined ? {} : { component: Number(component) }),
  };
}

export interface X12Range {
  from: number;
  to: number;
  /** False where the place itself is absent and what it would stand behind is meant. */
  exact: boolean;
}

/** Where a place stands in a text; undefined where not even its set is there. */
export function findX12(text: string, place: X12Place): X12Range | undefined {
  let set: X12Range | undefined;
  for (const { piece, set: within, name, ordinal } of walkX12(text, { fragments: 'guess' })) {
    if (within?.id !== place.set?.id || within?.ordinal !== place.set?.ordinal) continue;
    set ??= place.set === undefined ? undefined : { ...idRange(piece), exact: place.segment === undefined };
    if (place.segment === undefined) break;
    if (name !== place.segment.id || ordinal !== place.segment.ordinal) continue;
    return rangeIn(text, piece, place);
  }
  return set && { ...set, exact: set.exact && place.missing === undefined };
}

function rangeIn(text: string, piece: X12Piece, { element, missing }: X12Place): X12Range {
  if (element === undefined) return { ...idRange(piece), exact: missing === undefined };
  const range = elementRange(text, piece, element.number - 1);
  const parted = part(text, range, piece, element);
  if (parted.from < parted.to) return { ...parted, exact: true };
  // An empty element is shown by the separators around it, one that the segment does not reach by the segment's id.
  return parted.to === piece.to
    ? { ...idRange(piece), exact: false }
    : { from: parted.from - 1, to: parted.to + 1, exact: false };
}

function part(
  text: string,
  range: { from: number; to: number },
  piece: X12Piece,
  { repetition, component }: NonNullable<X12Place['element']>,
): { from: number; to: number } {
  const cut = (within: { from: number; to: number }, separator: string | undefined, number: number | undefined) => {
    if (separator === undefined || number === undefined) return within;
    const values = text.slice(within.from, within.to).split(separator);
    const from = within.from + values.slice(0, number - 1).reduce((sum, value) => sum + value.length + 1, 0);
    return { from: Math.min(from, within.to), to: Math.min(from + (values[number - 1]?.length ?? 0), within.to) };
  };
  return cut(cut(range, piece.delimiters?.repetition, repetition), piece.delimiters?.component, component);
}

const idRange = (piece: X12Piece): { from: number; to: number } => ({
  from: piece.from,
  to: piece.from + Math.max(1, Math.min(piece.id.length, piece.to - piece.from)),
});

/** A path as people say it: "/850[1]/PO1[2]/PO104" → "850 › PO1 2 › PO104". */
export function x12PathInWords(path: string): string | undefined {
  if (parseX12Path(path) === undefined) return undefined;
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replace(/\[1\]$/, '').replace(/\[(\d+)\]/, ' $1'))
    .join(' › ');
}
