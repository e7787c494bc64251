import type { Location } from 'jsonc-parser';

/** What is being written at a place of a JSON text. */
export interface Token {
  /** What a proposal takes the place of. */
  from: number;
  to: number;
  /** As far as it is written before the cursor, without its quotation mark. */
  begun: string;
  quoted: boolean;
  /** It is a value or name already, not the beginning of one. */
  whole: boolean;
  /** The cursor stands before or behind it, not in it. */
  beside: boolean;
}

/** What somebody writes who has not come to quotation marks yet: codes have spaces in them. */
const unquoted = /[^\s"{}[\],:][^"{}[\],:\n]*$/;

/** The name or value that the cursor stands in or beside; empty where it stands between them. */
export function tokenAt(text: string, offset: number, previous: Location['previousNode']): Token {
  const touched = previous && offset <= previous.offset + previous.length ? previous : undefined;
  const word = touched && offset > touched.offset ? '' : (unquoted.exec(text.slice(0, offset))?.[0] ?? '');
  if (touched === undefined || word !== '') {
    // A word right before a value is written in its place.
    const to = touched ? touched.offset + touched.length : offset;
    return { from: offset - word.length, to, begun: word, quoted: false, whole: false, beside: false };
  }
  const from = touched.offset;
  const end = from + touched.length;
  const quoted = text[from] === '"';
  const open = quoted && (touched.length === 1 || text[end - 1] !== '"');
  // A string that was never closed takes what follows it, up to the next quotation mark, for its own.
  const overrun = open || (offset > from && /[:,[{]\s*"$/.test(text.slice(offset, end)));
  return {
    from,
    to: overrun ? offset : end,
    begun: text.slice(from, Math.min(offset, open ? end : end - (quoted ? 1 : 0))).replace(/^"/, ''),
    quoted,
    whole: !overrun,
    beside: !open && (offset === from || offset === end),
  };
}
