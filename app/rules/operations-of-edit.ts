import type { PatchOperation } from '#contracts/v1/repair.ts';
import { isPersonal } from '#contracts/v1/personal-data.ts';

const MOST = 50;

/**
 * The patch that makes of one payload what somebody made of it by hand, for every line alike: positions in lists become
 * `*`, and each value is changed only where it was what it was here. A customer's own data is no part of it, nor are
 * lists that became longer or shorter: neither would suit another order.
 */
export function operationsOfEdit(before: string, after: string): PatchOperation[] {
  let pair: [unknown, unknown];
  try {
    pair = [JSON.parse(before), JSON.parse(after)];
  } catch {
    return [];
  }
  const found = new Map<string, PatchOperation>();
  const add = (operation: PatchOperation) => found.set(JSON.stringify(operation), operation);
  const visit = (was: unknown, is: unknown, path: string, names: readonly string[]): void => {
    if (Array.isArray(was) && Array.isArray(is)) {
      if (was.length === is.length) was.forEach((one, i) => visit(one, is[i], `${path}/*`, names));
      return;
    }
    if (isRecord(was) && isRecord(is)) {
      for (const key of new Set([...Object.keys(was), ...Object.keys(is)]))
        visit(was[key], is[key], `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, [...names, key]);
      return;
    }
    if (was === is || [was, is].some((one) => isPlain(one) && isPersonal(names, one))) return;
    if (was === undefined) add({ op: 'add', path, value: is });
    else if (is === undefined) add({ op: 'remove', path, was });
    else add({ op: 'replace', path, value: is, was });
  };
  visit(...pair, '', []);
  return [...found.values()].slice(0, MOST);
}

const isPlain = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
