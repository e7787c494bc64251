import { type ParseError, parse as parseTolerantly, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { invalid, Refused } from './problem.ts';

/** Where a text stops being JSON. Line and column count from 1, the offset from 0, in UTF-16 units. */
export interface SyntaxProblem {
  line: number;
  column: number;
  offset: number;
  message: string;
}

/** Finds the first place at which `text` is not JSON, or undefined where that cannot be told. */
export function findSyntaxProblem(text: string): SyntaxProblem | undefined {
  const errors: ParseError[] = [];
  try {
    parseTolerantly(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  } catch (error) {
    // The tolerant parser recurses; a text nested thousands deep exhausts its stack.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const [first] = errors.sort((a, b) => a.offset - b.offset);
  if (first === undefined) return undefined;
  const before = text.slice(0, first.offset);
  const line = before.split('\n').length;
  const column = first.offset - (before.lastIndexOf('\n') + 1) + 1;
  const words = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return { line, column, offset: first.offset, message: words };
}

const malformed = (detail: string, cause?: unknown): Refused =>
  new Refused({ status: 400, reason: 'malformed', title: 'The body is not JSON', detail }, { cause });

/** Parses a body. @throws Refused 400 that names line, column and offset of what is wrong. */
export function parseJson(body: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (error) {
    throw malformed('The body is not valid UTF-8.', error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = findSyntaxProblem(text);
    if (found === undefined) throw malformed('The body is not valid JSON.', error);
    throw malformed(
      `The body is not valid JSON: ${found.message} at line ${found.line}, column ${found.column} (offset ${found.offset}).`,
      error,
    );
  }
}

/** JSON Pointer (RFC 6901) of a path of zod. */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const REPORTED_ERRORS = 200;

/** Checks a parsed body. @throws Refused 422 that lists every offending path, up to 200. */
export function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ path: jsonPointer(issue.path), message: issue.message }));
  const count = errors.length === 1 ? 'one place' : `${errors.length} places`;
  throw invalid(`The content does not fit its schema in ${count}.`, errors.slice(0, REPORTED_ERRORS));
}
