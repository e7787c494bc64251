import { applyRepairs, type FieldRepair } from '#app/payloads/apply-repair.ts';
import { changesBetween } from '#app/payloads/changes.ts';
import { readExact } from '#app/payloads/exact-json.ts';
import { maskValue } from '#app/payloads/mask.ts';
import { pointerOf, pointerSegments } from '#app/payloads/pointer.ts';

/** A change that cured the same cause before and fits the payload at hand. */
export interface Suggestion {
  repairs: FieldRepair[];
  /** Cases it cured, of those looked at. */
  cured: number;
  /** The rule that would do this, were it not for the amount; it may change more than can be put into a text. */
  rule?: { id: string; name: string };
}

/** What somebody changed to cure a case: what arrived, and the version that got past the step. */
export interface Cure {
  arrived: string;
  cured: string;
}

/**
 * The changes behind earlier cures, those that cured most first. A cure that touched personal data, or more than single
 * values, is somebody's handiwork on one order and is not suggested for another.
 */
export function suggestRepairs(cures: readonly Cure[], payload: string): Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const { arrived, cured } of cures) {
    const repairs = repairsOf(arrived, cured);
    if (repairs === undefined || applyRepairs(payload, repairs) === payload) continue;
    const name = JSON.stringify(repairs);
    const known = found.get(name);
    if (known) known.cured += 1;
    else found.set(name, { repairs, cured: 1 });
  }
  return [...found.values()].sort((a, b) => b.cured - a.cured).slice(0, 3);
}

const mostChanges = 20;

function repairsOf(arrived: string, cured: string): FieldRepair[] | undefined {
  const changes = changesBetween(arrived, cured);
  if (changes.length === 0 || changes.length > mostChanges) return undefined;
  const repairs = new Map<string, FieldRepair>();
  for (const { path, was, value } of changes) {
    const sides = [was, value].filter((side) => side !== undefined);
    if (path.length === 0 || sides.some((side) => !isScalar(side) || maskValue(path, side) !== side)) return undefined;
    const repair = { path: pointerOf(path.map((part) => (/^\d+$/.test(part) ? '*' : part))), was, value };
    repairs.set(JSON.stringify(repair), repair);
  }
  const all = [...repairs.values()];
  // One value that became two different ones tells nothing about a third order.
  const keys = new Set(all.map(({ path, was }) => `${path} ${was}`));
  return keys.size === all.length ? all : undefined;
}

const isScalar = (json: string): boolean => readExact(json)?.kind === 'scalar';

/** "line_items › tax_lines › title: replace “TX-9” with “42”" */
export function repairWords({ path, was, value }: FieldRepair): string {
  const where = pointerSegments(path)
    .filter((part) => part !== '*')
    .join(' › ');
  if (was === undefined) return `${where}: add ${valueWords(value ?? '')}`;
  if (value === undefined) return `${where}: take away ${valueWords(was)}`;
  return `${where}: replace ${valueWords(was)} with ${valueWords(value)}`;
}

function valueWords(json: string): string {
  const value = readExact(json);
  return value?.kind === 'scalar' && typeof value.value === 'string' ? `“${value.value}”` : json;
}
