import type { FunctionalGroup, Interchange, Loop, Segment, TransactionSet } from '../reading.ts';

/** A set that may be processed, with the envelope it came in. */
export interface ReceivedSet {
  interchange: Interchange;
  group: FunctionalGroup;
  set: TransactionSet & { content: Loop };
}

/** An element by its number, from 1, without spaces around it; undefined where it is empty or absent. */
export function value(segment: Segment | undefined, number: number): string | undefined {
  const text = segment?.elements[number - 1]?.trim();
  return text === '' ? undefined : text;
}

export const segmentsOf = (loop: Loop, id: string): Segment[] => loop.segments.filter((segment) => segment.id === id);

export const segmentOf = (loop: Loop, id: string): Segment | undefined =>
  loop.segments.find((segment) => segment.id === id);

export const loopsOf = (loop: Loop, id: string): Loop[] => loop.loops.filter(({ head }) => head.id === id);

/** The segments of a kind wherever the loop has them: by themselves, or as heads of loops. */
export const headsAndSegments = (loop: Loop, id: string): Segment[] => [
  ...segmentsOf(loop, id),
  ...loopsOf(loop, id).map(({ head }) => head),
];

/** The first segment of a kind whose qualifier (element 01) is one of these, the best first. */
export function qualified(segments: readonly Segment[], qualifiers: readonly string[]): Segment | undefined {
  for (const qualifier of qualifiers) {
    const found = segments.find((segment) => value(segment, 1) === qualifier);
    if (found !== undefined) return found;
  }
  return undefined;
}
