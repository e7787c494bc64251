import type { X12Delimiters } from '#contracts/x12/delimiters.ts';
import { x12Path } from '#contracts/x12/path.ts';
import type { X12SetName, X12Step } from '#contracts/x12/walk.ts';
import type { ElementPlace, X12ErrorPlace } from '../errors.ts';
import type { Segment } from '../reading.ts';

export function segmentOf({ piece, elements, name, ordinal, position }: X12Step, delimiters: X12Delimiters): Segment {
  const { id, from, to, terminated } = piece;
  return { id, elements, name, ordinal, position, from, to, terminated, delimiters };
}

export const placeOfStep = ({ piece, set, name, ordinal, position }: X12Step): X12ErrorPlace => ({
  path: x12Path({ ...(set && { set }), segment: { id: name, ordinal } }),
  from: piece.from,
  to: piece.to,
  segment: piece.id,
  position,
});

/** Place of a segment or, where one is given, of an element of it. Outside of sets `set` is absent. */
export function placeOf(segment: Segment, set: X12SetName | undefined, element?: ElementPlace): X12ErrorPlace {
  const { from, to } = element === undefined ? segment : elementSpan(segment, element.number);
  return {
    path: x12Path({
      ...(set && { set }),
      segment: { id: segment.name, ordinal: segment.ordinal },
      ...(element && { element: withoutReference(element) }),
    }),
    from,
    to,
    segment: segment.id,
    position: segment.position,
  };
}

/** Place of a segment that is missing behind another; behind ST, in the set. */
export function placeOfMissing(id: string, behind: Segment, set: X12SetName | undefined): X12ErrorPlace {
  const inSet = behind.id === 'ST' && set !== undefined;
  return {
    path: x12Path({
      ...(set && { set }),
      ...(inSet ? {} : { segment: { id: behind.name, ordinal: behind.ordinal } }),
      missing: id,
    }),
    from: behind.from,
    to: behind.to,
    segment: id,
    position: behind.position + 1,
  };
}

const withoutReference = ({ number, component, repetition }: ElementPlace): ElementPlace => ({
  number,
  ...(component === undefined ? {} : { component }),
  ...(repetition === undefined ? {} : { repetition }),
});

/** A missing element is where the segment ends. */
function elementSpan(segment: Segment, number: number): { from: number; to: number } {
  const { id, from, to } = segment;
  const elements = segment.raw ?? segment.elements;
  let start = from + id.length + 1;
  for (const element of elements.slice(0, number - 1)) start += element.length + 1;
  if (number > elements.length) return { from: to, to };
  return { from: start, to: start + (elements[number - 1]?.length ?? 0) };
}
