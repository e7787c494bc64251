import { readExact, sameJson, writeExact, type ExactJson } from './exact-json.ts';
import { pointerOf } from './pointer.ts';

/** One field that differs between two documents; values are JSON text, undefined where the field is not there. */
export interface FieldChange {
  path: readonly string[];
  was: string | undefined;
  value: string | undefined;
}

/** What changed from one document to another, field by field. Lists of another length and text that is no JSON are one field. */
export function changesBetween(before: string, after: string): FieldChange[] {
  const from = readExact(before);
  const to = readExact(after);
  if (from === undefined || to === undefined) return before === after ? [] : [{ path: [], was: before, value: after }];
  const changes: FieldChange[] = [];
  collect(from, to, [], changes);
  return changes;
}

/** The fields that changed, as JSON Pointers. */
export const changedFields = (before: string, after: string): string[] =>
  changesBetween(before, after).map(({ path }) => pointerOf(path));

function collect(
  before: ExactJson | undefined,
  after: ExactJson | undefined,
  path: readonly string[],
  changes: FieldChange[],
): void {
  if (sameJson(before, after)) return;
  if (before?.kind === 'object' && after?.kind === 'object') {
    for (const key of new Set([...before.entries.keys(), ...after.entries.keys()]))
      collect(before.entries.get(key), after.entries.get(key), [...path, key], changes);
    return;
  }
  if (before?.kind === 'list' && after?.kind === 'list' && before.items.length === after.items.length) {
    before.items.forEach((item, i) => collect(item, after.items[i], [...path, String(i)], changes));
    return;
  }
  changes.push({ path, was: before && writeExact(before), value: after && writeExact(after) });
}
