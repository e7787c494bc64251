import type { CodeOf } from '../codes.ts';
import type { Relation } from '../grammar/segments.ts';

export interface RelationFault {
  code: CodeOf<'element'>;
  /** The element that is missing, or too much. */
  number: number;
  /** Completes "The quantity (PO102) …". */
  what: string;
}

const none: readonly RelationFault[] = [];

/** Relations between elements of a segment that do not hold (X12.6, conditional requirements). */
export function relationFaults(elements: readonly string[], relations: readonly Relation[]): readonly RelationFault[] {
  const broken = relations.filter((relation) => !holds(elements, relation));
  return broken.length === 0 ? none : broken.flatMap((relation) => faultsOf(elements, relation));
}

const has = (elements: readonly string[], number: number): boolean => (elements[number - 1] ?? '') !== '';

function holds(elements: readonly string[], { kind, elements: numbers }: Relation): boolean {
  let present = 0;
  for (const number of numbers) if (has(elements, number)) present += 1;
  switch (kind) {
    case 'P':
      return present === 0 || present === numbers.length;
    case 'R':
      return present > 0;
    case 'E':
      return present < 2;
    case 'C':
      return present === numbers.length || !has(elements, numbers[0] ?? 0);
    case 'L':
      return present > 1 || !has(elements, numbers[0] ?? 0);
  }
}

function faultsOf(elements: readonly string[], { kind, elements: numbers }: Relation): RelationFault[] {
  const present = numbers.filter((number) => has(elements, number));
  const absent = numbers.filter((number) => !has(elements, number));
  const [first = 0] = numbers;
  switch (kind) {
    case 'P':
    case 'C':
      return absent.map((number) => missing(number, `though element ${present[0]} is there`));
    case 'R':
      return [missing(first, `and so are elements ${numbers.slice(1).join(', ')}`)];
    case 'E':
      return present
        .slice(1)
        .map((number) => ({ code: '10', number, what: `may not stand beside element ${present[0]}` }));
    case 'L':
      return [missing(absent[0] ?? first, `though element ${first} is there`)];
  }
}

const missing = (number: number, because: string): RelationFault => ({
  code: '2',
  number,
  what: `is missing, ${because}`,
});
