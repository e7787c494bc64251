import type { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { channelOrder } from '#contracts/v1/channel-api.ts';
import { pointerOf } from '#app/payloads/pointer.ts';

/** Sources whose payloads have a published contract. */
const schemas = { channel_order: channelOrder } as const;
export type PayloadSchema = keyof typeof schemas;

const mostProblems = 50;
const hidden = /^‹hidden \d+›$/;

/**
 * What in the text does not keep to the contract of its source, as one types; values that are hidden are left out.
 * Nothing while the text is not JSON: that is told by itself.
 */
export function schemaProblems(text: string, name: PayloadSchema): CaseProblem[] {
  const document = parsed(text);
  if (document === undefined) return [];
  const result = schemas[name].safeParse(document);
  return (result.error?.issues ?? [])
    .filter(({ path }) => !hidden.test(String(valueAt(document, path))))
    .slice(0, mostProblems)
    .map((issue) => ({
      error_class: 'validation',
      error_code: issue.code,
      path: pointerOf(issue.path.map(String)),
      document: 'received',
      message: wordsOf(issue),
    }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    document,
  );

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${article(issue.expected)} is expected here.`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `Only ${String(issue.values[0])} is allowed here.`
        : `One of these is expected: ${issue.values.map(String).join(', ')}.`;
    default:
      return `${issue.message.charAt(0).toUpperCase()}${issue.message.slice(1)}.`;
  }
}

function article(type: string): string {
  const words: Record<string, string> = {
    string: 'Text in double quotes',
    int: 'A whole number',
    number: 'A number',
    boolean: 'true or false',
    array: 'A list in square brackets',
    object: 'An object in braces',
  };
  return words[type] ?? `A value of type ${type}`;
}
