import type { z } from 'zod';
import type { JsonSchema, PayloadSchema } from '#contracts/v1/payload-schema.ts';

type Issue = z.core.$ZodIssue;

/**
 * The issues without those of alternatives: where a value fits none, what is wrong in the one that it comes nearest to,
 * which is the one it fits deepest; where it is of another type altogether, the types that are allowed.
 */
export function plainIssues(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const branches = issue.errors.map((branch) => plainIssues(branch));
    const within = branches.filter((branch) => !branch.some((one) => one.path.length === 0 && isOfType(one)));
    const [nearest = []] = within.length > 0 ? within : branches;
    return nearest.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
  });
}

const isOfType = ({ code }: Issue): boolean => code === 'invalid_type';

/** What is expected, in a sentence. `described` is the field's own schema, where it is a text. */
export function issueInWords(
  issue: Issue,
  described: JsonSchema | undefined,
  numbers: PayloadSchema['numbers'],
): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${begin(described?.description ?? typeWords(issue.expected, numbers))} is expected here.`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `Only ${String(issue.values[0])} is allowed here.`
        : `One of these is expected: ${issue.values.map(String).join(', ')}.`;
    case 'invalid_format':
      return `${begin(described?.description ?? formatWords(described) ?? 'another form of text')} is expected here.`;
    case 'too_small':
      return issue.minimum === 1 && issue.origin !== 'number' && issue.origin !== 'int'
        ? 'This may not be empty.'
        : `At least ${String(issue.minimum)}${unitOf(issue.origin)} is expected here.`;
    case 'too_big':
      return `At most ${String(issue.maximum)}${unitOf(issue.origin)} is expected here.`;
    default:
      return `${begin(issue.message)}.`;
  }
}

const formatWords = (described: JsonSchema | undefined): string | undefined =>
  described?.['format'] === 'date-time' ? 'a date and time such as 2026-03-01T09:30:00.000Z' : undefined;

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' entries' : '');

function typeWords(type: string, numbers: PayloadSchema['numbers']): string {
  const words: Record<string, string> = {
    string: numbers === 'as_text' ? 'text in double quotes or a number' : 'text in double quotes',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list in square brackets',
    object: 'an object in braces',
  };
  return words[type] ?? `a value of type ${type}`;
}

const begin = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
