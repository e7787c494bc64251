import { isLineBreak } from '#contracts/x12/delimiters.ts';
import { elementRange, elementsOf, type X12Piece } from '#contracts/x12/scan.ts';
import { isSegmentId } from '#contracts/x12/walk.ts';
import { hasEmail } from '#contracts/v1/personal-data.ts';
import type { Masked } from './mask.ts';
import { piecesOf } from './x12-text.ts';

interface Span {
  from: number;
  to: number;
}

/** Elements that name people, their streets and how they are reached, by segment. */
const personal: ReadonlyMap<string, readonly number[]> = new Map([
  ['G61', [2, 4]],
  ['N1', [2]],
  ['N2', [1, 2]],
  ['N3', [1, 2]],
  ['NM1', [3, 4, 5]],
  ['PER', [2, 4, 6, 8]],
]);

const token = /‹hidden (\d+)›/g;

/**
 * Personal data hidden in an EDI document, each value under a number, so that it can be edited around and put back. A
 * stretch in which no segment can be told is hidden whole.
 */
export function maskX12(text: string): Masked {
  const spans = personalSpans(text);
  return { text: replaceSpans(text, spans, (_, i) => `‹hidden ${i + 1}›`), hidden: spans.length };
}

/** Puts back what `maskX12(original)` hid. Numbers that the original does not have stay as they are. */
export function unmaskX12(edited: string, original: string): string {
  const values = valuesOf(original);
  return edited.replace(token, (found, number: string) => values[Number(number) - 1] ?? found);
}

/** Hides personal data by the numbers it has in `original`; what is not in the original stays as it is and is named. */
export function maskX12Like(text: string, original: string): { text: string; foreign: string[] } {
  const numbers = new Map(valuesOf(original).map((value, i) => [value, i + 1]));
  const foreign: string[] = [];
  const masked = replaceSpans(text, personalSpans(text), (value) => {
    const number = numbers.get(value);
    if (number === undefined) foreign.push(value);
    return number === undefined ? value : `‹hidden ${number}›`;
  });
  return { text: masked, foreign };
}

/** May everybody who sees payloads see the value of this element? */
export const isPersonalElement = (segment: string, number: number, value: string): boolean =>
  value !== '' && (personal.get(segment)?.includes(number) === true || hasEmail(value));

const valuesOf = (text: string): string[] => personalSpans(text).map(({ from, to }) => text.slice(from, to));

function replaceSpans(text: string, spans: readonly Span[], by: (value: string, index: number) => string): string {
  let out = '';
  let at = 0;
  spans.forEach(({ from, to }, i) => {
    out += text.slice(at, from) + by(text.slice(from, to), i);
    at = to;
  });
  return out + text.slice(at);
}

const personalSpans = (text: string): Span[] => piecesOf(text).flatMap((piece) => spansOf(text, piece));

function spansOf(text: string, piece: X12Piece): Span[] {
  const whole = [{ from: piece.from, to: piece.to }];
  if (piece.delimiters === undefined) return whole;
  // Who exchanges documents is no personal data, and a hidden field would take the ISA apart.
  if (piece.isa !== undefined) return [];
  // A terminator is missing, or this is no segment: what stands in it cannot be told by its number.
  const terminated =
    isLineBreak(piece.delimiters.terminator) || !/[\r\n]/.test(text.slice(piece.from, piece.to).trim());
  if (!isSegmentId(piece.id) || !terminated) return whole;
  return elementsOf(text, piece).flatMap((value, i) =>
    isPersonalElement(piece.id, i + 1, value) ? [elementRange(text, piece, i)] : [],
  );
}
