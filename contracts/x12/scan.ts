import { guessDelimiters, isLineBreak, readIsa, type IsaFault, type X12Delimiters } from './delimiters.ts';

/** One piece of an X12 document: a segment without its terminator, or a stretch in which no segment can be told. */
export interface X12Piece {
  /** Segment id as sent; empty for noise. */
  id: string;
  from: number;
  to: number;
  /** Where the next piece begins. */
  next: number;
  /** Its terminator stands behind it. */
  terminated: boolean;
  /** Absent for noise. */
  delimiters?: X12Delimiters;
  /** ISA01 to ISA16 as sent, of an ISA segment. */
  isa?: { fields: string[]; padded: boolean };
  /** Why an ISA segment could not be read; everything up to the next one is noise with it. */
  fault?: IsaFault;
}

export interface ScanOptions {
  /** For what stands before the first ISA: a fragment is read with these. Absent: it is noise. */
  fragments?: X12Delimiters | 'guess';
}

/**
 * Takes a document apart in one pass. Delimiters are those of the ISA before; white space, line breaks and repeated
 * terminators between segments are skipped, and so are a byte order mark and the end-of-file mark of old systems.
 */
export function* scanX12(text: string, options: ScanOptions = {}): Generator<X12Piece> {
  let delimiters = typeof options.fragments === 'object' ? options.fragments : undefined;
  let at = skipBlank(text, 0, delimiters);
  if (options.fragments === 'guess') delimiters = guessDelimiters(text, at);
  else if (!/^(ST|GS)[^\p{L}\p{N}]/u.test(text.slice(at, at + 3))) delimiters = undefined;
  while (at < text.length) {
    const piece = beginsIsa(text, at)
      ? isaPiece(text, at)
      : delimiters === undefined
        ? noise(text, at)
        : segmentPiece(text, at, delimiters);
    if (piece.id === 'ISA' || piece.delimiters === undefined) delimiters = piece.delimiters;
    yield piece;
    at = skipBlank(text, piece.next, delimiters);
  }
}

/** The elements of a piece, `[0]` being element 01. */
export function elementsOf(text: string, piece: X12Piece): string[] {
  if (piece.isa !== undefined) return piece.isa.fields;
  if (piece.delimiters === undefined) return [];
  const first = piece.from + piece.id.length + 1;
  return first > piece.to ? [] : text.slice(first, piece.to).split(piece.delimiters.element);
}

/** Where element `index` (from 0) of a piece stands; the end of the piece where it has none. */
export function elementRange(text: string, piece: X12Piece, index: number): { from: number; to: number } {
  let from = piece.from + piece.id.length + 1;
  const elements = elementsOf(text, piece);
  for (let i = 0; i < index && i < elements.length; i++) from += (elements[i]?.length ?? 0) + 1;
  if (index >= elements.length) return { from: piece.to, to: piece.to };
  return { from, to: from + (elements[index]?.length ?? 0) };
}

const beginsIsa = (text: string, at: number): boolean =>
  text.startsWith('ISA', at) && !/^[\p{L}\p{N}]$/u.test(text[at + 3] ?? '');

function isaPiece(text: string, at: number): X12Piece {
  const read = readIsa(text, at);
  if ('fault' in read) return { ...noise(text, at), id: 'ISA', fault: read.fault };
  return {
    id: 'ISA',
    from: at,
    to: read.end,
    next: read.next,
    terminated: true,
    delimiters: read.delimiters,
    isa: { fields: read.fields, padded: read.padded },
  };
}

/** What cannot be told apart reaches to the next ISA that can be read, else to the end. */
function noise(text: string, at: number): X12Piece {
  let next = text.length;
  for (let isa = text.indexOf('ISA', at + 1); isa >= 0; isa = text.indexOf('ISA', isa + 1)) {
    if (!beginsIsa(text, isa) || 'fault' in readIsa(text, isa)) continue;
    next = isa;
    break;
  }
  const content = text.slice(at, next);
  return { id: '', from: at, to: at + content.trimEnd().length, next, terminated: false };
}

function segmentPiece(text: string, at: number, delimiters: X12Delimiters): X12Piece {
  const end = segmentEnd(text, at, delimiters.terminator);
  const content = text.slice(at, end);
  const separator = content.indexOf(delimiters.element);
  const id = separator < 0 ? content : content.slice(0, separator);
  const terminated = end < text.length && !beginsIsa(text, end);
  // A last segment without its terminator ends before the white space that follows it.
  const to = terminated ? end : at + content.trimEnd().length;
  return { id: id.slice(0, to - at), from: at, to, next: terminated ? end + 1 : end, terminated, delimiters };
}

/** Its terminator, or the line of the next interchange where a document was cut off within the segment. */
function segmentEnd(text: string, at: number, terminator: string): number {
  if (isLineBreak(terminator)) {
    const found = /[\r\n]/g;
    found.lastIndex = at;
    return found.exec(text)?.index ?? text.length;
  }
  const found = text.indexOf(terminator, at);
  const end = found < 0 ? text.length : found;
  const cut = /[\r\n]ISA[^\p{L}\p{N}]/u.exec(text.slice(at, end + 1));
  return cut === null ? end : at + cut.index + 1;
}

/** White space, two marks, and the pictures that a display may show in place of line breaks. */
const blank = new Set(['\t', '\n', '\r', ' ', '\u001a', '\ufeff', '␍', '␊']);
const utf8Mark = '\u00ef\u00bb\u00bf';

function skipBlank(text: string, from: number, delimiters: X12Delimiters | undefined): number {
  let at = from === 0 && text.startsWith(utf8Mark) ? utf8Mark.length : from;
  while (at < text.length) {
    const char = text[at] ?? '';
    if ((!blank.has(char) && char !== delimiters?.terminator) || char === delimiters?.element) break;
    at += 1;
  }
  return at;
}
