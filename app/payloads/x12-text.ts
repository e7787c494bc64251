import { scanX12, type X12Piece } from '#contracts/x12/scan.ts';

/** An EDI document of X12, whole or a fragment of one, even while somebody is editing its beginning. */
export const isX12 = (text: string): boolean => /^[\s\ufeff]*[A-Z][A-Z0-9]{1,2}[^\p{L}\p{N}\s"'{}[\]:,=&]/u.test(text);

/** The pieces of a document as it is shown or as it was sent. */
export const piecesOf = (text: string): X12Piece[] => [...scanX12(text, { fragments: 'guess' })];

/**
 * How the line breaks of a document are shown, so that every byte can be had again:
 * folded — it has none but at its very end; those shown are display only.
 * plain — every segment is followed by the same one, or ends with it; that is what a line break shown stands for.
 * pictured — anything else: those it has are shown as ␍ and ␊, and the line breaks shown are display only.
 */
type Breaks = { kind: 'folded'; tail: string } | { kind: 'plain'; of: string } | { kind: 'pictured' };

const anyBreak = /\r\n|\r|\n/g;
/** Stands before a picture that the document itself has, and before itself. */
const escape = '␛';

function breaksOf(raw: string): Breaks {
  const body = raw.trimEnd();
  if (!/[\r\n]/.test(body)) return { kind: 'folded', tail: raw.slice(body.length) };
  const kinds = new Set(raw.match(anyBreak) ?? []);
  const [of = '\n'] = kinds;
  return kinds.size === 1 && everyLineIsOneSegment(raw, of) ? { kind: 'plain', of } : { kind: 'pictured' };
}

function everyLineIsOneSegment(raw: string, of: string): boolean {
  return piecesOf(raw).every(({ to, next, delimiters }) => {
    const ends = delimiters !== undefined && of.startsWith(delimiters.terminator.charAt(0));
    return ends || next >= raw.trimEnd().length || (raw.startsWith(of, next) && to < next);
  });
}

/** A document with one segment a line. `breaks` are those of the document that `text` is a hidden form of. */
export function layOutX12(text: string, of: string = text): string {
  const breaks = breaksOf(of);
  switch (breaks.kind) {
    case 'folded':
      return splitSegments(text.trimEnd());
    case 'plain':
      return text.replace(anyBreak, '\n');
    case 'pictured':
      return splitSegments(
        text.replace(/[␍␊␛\r\n]/g, (found) => (found === '\r' ? '␍' : found === '\n' ? '␊' : `${escape}${found}`)),
      );
  }
}

/** What `layOutX12(text, of)` made one segment a line of, as it was; line breaks that were typed are taken the same way. */
export function restoreX12(shown: string, of: string): string {
  const breaks = breaksOf(of);
  switch (breaks.kind) {
    case 'folded':
      return `${shown.replace(anyBreak, '').trimEnd()}${breaks.tail}`;
    case 'plain':
      return shown.replace(anyBreak, breaks.of);
    case 'pictured':
      return shown
        .replace(anyBreak, '')
        .replace(/␛(.)|[␍␊]/gsu, (found, kept?: string) => kept ?? (found === '␍' ? '\r' : '\n'));
  }
}

/** Puts every segment on a line of its own; the pictures of line breaks stay with the segment before them. */
export function splitSegments(text: string): string {
  const pieces = piecesOf(text);
  let out = '';
  let from = 0;
  for (const { next, terminated } of pieces) {
    const at = next + (/^[␍␊]+/.exec(text.slice(next, next + 8))?.[0].length ?? 0);
    if (!terminated || at >= text.length || /[\r\n]/.test(text.slice(at - 1, at + 1))) continue;
    out += `${text.slice(from, at)}\n`;
    from = at;
  }
  return out + text.slice(from);
}

/** Puts the segments that stand on lines of their own behind one another, unless a line break is what ends them. */
export function joinSegments(text: string): string {
  const pieces = piecesOf(text);
  if (pieces.some(({ delimiters }) => delimiters !== undefined && /[\r\n]/.test(delimiters.terminator))) return text;
  return text.replace(/\n/g, '');
}
