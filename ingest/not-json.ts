import { parse, type ParseError } from 'jsonc-parser';

/** Why a text is not JSON: where it stops being it, in characters from 1. The parser's own words would quote the text. */
export function notJson(text: string): string {
  const errors: ParseError[] = [];
  try {
    parse(text, errors, { disallowComments: true });
  } catch {
    // This parser calls itself for each level: text may be deeper than that goes.
    return 'is not JSON';
  }
  const [first] = errors;
  return first === undefined ? 'is not JSON' : `is not JSON at character ${first.offset + 1}`;
}
