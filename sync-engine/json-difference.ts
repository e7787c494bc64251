import { jsonPointer } from './json-pointer.ts';

/**
 * Where two JSON values differ, as JSON Pointers: the deepest places, in the order of the first value. Arrays of another
 * length differ as a whole.
 */
export function differingPaths(before: unknown, after: unknown, at: readonly PropertyKey[] = []): string[] {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((one: unknown, index) => differingPaths(one, after[index], [...at, index]));
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differingPaths(before[key], after[key], [...at, key]),
    );
  return before === after || (before == null && after == null) ? [] : [jsonPointer(at)];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
