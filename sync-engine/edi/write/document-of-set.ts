import type { Segment, X12Reading } from '../reading.ts';
import type { ReceivedSet } from '../map/loops.ts';

/**
 * One transaction set of a document as a document of its own: its bytes and those of its headers as they arrived, with
 * trailers that count it alone. This is what a transaction keeps as its payload.
 */
export function documentOfSet(
  { text }: Pick<X12Reading, 'text'>,
  { interchange, group, set }: ReceivedSet,
): Uint8Array {
  const [head] = set.segments;
  const last = set.segments.at(-1);
  if (head === undefined || last === undefined) throw new Error('a set has at least its ST segment');
  const { element, terminator } = head.delimiters;
  const behind = breakBehind(text, head);
  const end = `${terminator}${terminator.includes('\n') ? '' : behind}`;
  const cut = (segment: Segment | undefined): string =>
    segment === undefined ? '' : text.slice(segment.from, segment.to) + end;
  const trailer = (id: string, control: string | undefined): string =>
    control === undefined ? '' : [id, '1', control].join(element) + end;
  const document = [
    cut(interchange.header?.segment),
    cut(group.header?.segment),
    text.slice(head.from, last.to) + end,
    trailer('GE', group.header?.controlNumber),
    trailer('IEA', interchange.header?.controlNumber),
  ].join('');
  return Buffer.from(document, 'latin1');
}

/** The line break that the sender writes behind terminators, if any. */
const breakBehind = (text: string, { to }: Segment): string =>
  /^(\r\n|\r|\n)/.exec(text.slice(to + 1, to + 3))?.[0] ?? '';
