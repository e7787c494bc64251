import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { pointerInWords, rangeOfPointer } from '#app/payloads/pointer.ts';
import { isX12 } from '#app/payloads/x12-text.ts';

/** Something wrong at a place in the text, offsets in UTF-16 code units. */
export interface InlineProblem {
  from: number;
  to: number;
  kind: 'syntax' | 'field';
  message: string;
  /** "line 12, column 7" */
  place: string;
}

const syntaxWords: Record<string, string> = {
  InvalidSymbol: 'This is not a JSON value. Text needs double quotes.',
  InvalidNumberFormat: 'This is not a number JSON knows.',
  PropertyNameExpected: 'A property name in double quotes is expected here.',
  ValueExpected: 'A value is expected here.',
  ColonExpected: 'A colon is expected here.',
  CommaExpected: 'A comma is expected here.',
  CloseBraceExpected: 'A closing brace is missing.',
  CloseBracketExpected: 'A closing bracket is missing.',
  EndOfFileExpected: 'Nothing may follow the end of the document.',
  InvalidCommentToken: 'JSON knows no comments.',
  UnexpectedEndOfComment: 'JSON knows no comments.',
  UnexpectedEndOfString: 'The closing quote is missing.',
  UnexpectedEndOfNumber: 'The number is not complete.',
  InvalidUnicode: 'The \\u escape needs four hex digits.',
  InvalidEscapeCharacter: 'This escape is not known to JSON.',
  InvalidCharacter: 'This control character must be escaped.',
};

/** Where the text stops being JSON, in words. Only the first error of a place is kept: the rest follow from it. */
export function syntaxProblems(text: string): InlineProblem[] {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const places = new Set<number>();
  return errors.flatMap((error) => {
    if (places.has(error.offset)) return [];
    places.add(error.offset);
    const from = Math.min(error.offset, Math.max(text.length - 1, 0));
    const to = Math.min(from + Math.max(error.length, 1), text.length);
    const message = syntaxWords[printParseErrorCode(error.error)] ?? 'This is not valid JSON.';
    return [{ from, to, kind: 'syntax' as const, message, place: placeOf(text, from) }];
  });
}

/** Problems of one document placed in its text; those about the other document are left out. */
export function fieldProblems(
  text: string,
  problems: readonly CaseProblem[],
  document: CaseProblem['document'],
): InlineProblem[] {
  return problems.flatMap((problem) => {
    if (problem.document !== document) return [];
    const range = rangeOfPointer(text, problem.path);
    if (!range) return [];
    // Of an EDI document the words of a problem name the place themselves.
    const missing =
      range.exact || problem.path === '' || isX12(text) ? '' : `${pointerInWords(problem.path)} is missing. `;
    const message = `${missing}${problem.message}`;
    return [{ from: range.from, to: range.to, kind: 'field' as const, message, place: placeOf(text, range.from) }];
  });
}

/** "line 12, column 7", both from 1. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}

/** JSON as people read it, two spaces an indent; numbers keep their digits. Text that is not JSON is left as it is. */
export function prettyJson(text: string): string {
  if (syntaxProblems(text).length > 0) return text;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/g) ?? [];
  let depth = 0;
  let out = '';
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    const newline = () => `\n${'  '.repeat(depth)}`;
    if (token === '{' || token === '[') {
      const empty = next === '}' || next === ']';
      depth += 1;
      out += empty ? token : `${token}${newline()}`;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const previous = tokens[index - 1];
      out += previous === '{' || previous === '[' ? token : `${newline()}${token}`;
    } else if (token === ',') out += `,${newline()}`;
    else if (token === ':') out += ': ';
    else out += token;
  });
  return out;
}
