import { LosslessNumber, parse, stringify } from 'lossless-json';

/**
 * Parses JSON with every number as its decimal text, exactly as written: vendors' ids exceed 2^53, and an amount read
 * as a float is not the amount sent.
 * @throws SyntaxError with the position, also for text nested too deeply to be a document.
 */
export function parseExactJson(text: string): unknown {
  try {
    return parse(text, null, (digits) => digits);
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('The document is nested too deeply');
    throw error;
  }
}

/**
 * Parses JSON so that `stringifyExactJson` writes the same values again, every number with the digits it came with.
 * @throws SyntaxError as `parseExactJson` does.
 */
export function parseToCopy(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('The document is nested too deeply');
    throw error;
  }
}

/** A JSON number with exactly these digits. @throws Error when the text is no JSON number. */
export function exactNumber(digits: string): LosslessNumber {
  return new LosslessNumber(digits);
}

/** Writes JSON in which `exactNumber` values keep every digit; properties that are undefined are left out. */
export function stringifyExactJson(value: unknown): string {
  return stringify(value) ?? 'null';
}
