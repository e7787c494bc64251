import { parse as parseExact } from 'lossless-json';
import { fromJSONSchema, type z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { JsonSchema, PayloadSchema } from '#contracts/v1/payload-schema.ts';
import { pointerOf } from '#app/payloads/pointer.ts';
import { issueInWords, plainIssues } from './issue-words.ts';
import { schemasAt } from './schemas-at.ts';

const mostProblems = 50;
const hidden = /^‹hidden \d+›$/;

/**
 * Holds texts against what the engine reads of such a payload, as one types. Values that are hidden are left out, and
 * a text that is not JSON has no problems here: that is told by itself.
 */
export function schemaCheck({ schema, numbers }: PayloadSchema): (text: string) => CaseProblem[] {
  const expected = fromJSONSchema(schema as Parameters<typeof fromJSONSchema>[0]);
  return (text) => {
    const document = parsed(text, numbers);
    if (document === undefined) return [];
    return plainIssues(expected.safeParse(document).error?.issues ?? [])
      .filter(({ path }) => !isHidden(valueAt(document, path)))
      .slice(0, mostProblems)
      .map((issue) => ({
        error_class: 'validation',
        error_code: issue.code,
        path: pointerOf(issue.path.map(String)),
        document: 'received',
        message: issueInWords(issue, describedAt(schema, issue), numbers),
      }));
  };
}

const isHidden = (value: unknown): boolean => typeof value === 'string' && hidden.test(value);

/** As the engine reads it: undefined where it is not JSON. */
function parsed(text: string, numbers: PayloadSchema['numbers']): unknown {
  try {
    return numbers === 'as_text' ? parseExact(text, null, (digits) => digits) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

const describedAt = (schema: JsonSchema, { path }: z.core.$ZodIssue): JsonSchema | undefined =>
  schemasAt(
    schema,
    path.map((part) => (typeof part === 'number' ? part : String(part))),
    undefined,
  ).find(({ type }) => type === 'string');

const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    document,
  );
