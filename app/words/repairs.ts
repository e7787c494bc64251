import type { RepairRule } from '#contracts/v1/repair-rule.ts';
import type { PatchOperation, Repair } from '#contracts/v1/repair.ts';
import type { ShadowRun } from '#contracts/v1/shadow.ts';
import type { Condition } from '#app/components/status-mark.tsx';
import { mappingKindInWords } from '#app/cases/causes.ts';
import { pointerSegments } from '#app/payloads/pointer.ts';
import type { EstateNames } from './names.ts';
import { systemName } from './names.ts';

export interface StateWords {
  condition: Condition;
  word: string;
}

/** Whether a rule applies at this moment, by word and shape. `allowed`: the switch of all rules is on. */
export function ruleStateWords(
  rule: Pick<RepairRule, 'enabled' | 'expires_at'>,
  allowed: boolean,
  now: Date,
): StateWords {
  if (Date.parse(rule.expires_at) <= now.getTime()) return { condition: 'warn', word: 'expired' };
  if (!rule.enabled) return { condition: 'none', word: 'off' };
  return allowed ? { condition: 'good', word: 'on' } : { condition: 'bad', word: 'held back' };
}

const shadowStates: Record<ShadowRun['status'], StateWords> = {
  running: { condition: 'info', word: 'running' },
  done: { condition: 'good', word: 'done' },
  failed: { condition: 'bad', word: 'failed' },
  aborted: { condition: 'none', word: 'aborted' },
};
export const shadowStateWords = (status: ShadowRun['status']): StateWords => shadowStates[status];

const value = (of: unknown): string => (typeof of === 'string' ? `“${of}”` : JSON.stringify(of));

/** "line_items" → "line items", "taxCode" → "tax code": a field's name as people write it. */
const fieldInWords = (name: string): string =>
  name
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());

/** "tax lines" → "tax line", "taxes" → "tax": one of a list that bears this name. */
const oneOf = (list: string): string =>
  list
    .replace(/ies$/, 'y')
    .replace(/(x|ch|sh|ss)es$/, '$1')
    .replace(/(?<!s)s$/, '');

/** A pointer into a payload as people say it, where a star stands for each: "sku of each line item". */
export function placeInWords(path: string): string {
  const parts: string[] = [];
  for (const segment of pointerSegments(path)) {
    const list = parts.at(-1);
    if (list !== undefined && segment === '*') parts[parts.length - 1] = `each ${oneOf(list)}`;
    else if (list !== undefined && /^\d+$/.test(segment))
      parts[parts.length - 1] = `${oneOf(list)} ${Number(segment) + 1}`;
    else parts.push(fieldInWords(segment));
  }
  return parts.length === 0 ? 'the whole payload' : parts.reverse().join(' of ');
}

/** One operation as a sentence: "sku of each line item: “A” becomes “B”". */
export function operationInWords(operation: PatchOperation): string {
  const where = placeInWords(operation.path);
  switch (operation.op) {
    case 'replace':
      return operation.was === undefined
        ? `${where} becomes ${value(operation.value)}`
        : `${where}: ${value(operation.was)} becomes ${value(operation.value)}`;
    case 'add':
      return `${where}: ${value(operation.value)} is added`;
    case 'remove':
      return operation.was === undefined
        ? `${where} is removed`
        : `${where} is removed where it is ${value(operation.was)}`;
    case 'test':
      return `only where ${where} is ${value(operation.value)}`;
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A repair in a line. */
export function repairInWords(repair: Repair, names: EstateNames): string {
  switch (repair.kind) {
    case 'patch':
      return capital(repair.operations.map(operationInWords).join('; '));
    case 'mapping': {
      const { kind, system, code, target } = repair.mapping;
      return `The ${mappingKindInWords(kind)} “${code}” becomes “${target}” in ${systemName(names, system)}`;
    }
    case 'none':
      return 'Another attempt';
  }
}

/** A repair in a few words: its first change, values first, and how many there are besides. */
export function repairInShort(repair: Repair, names: EstateNames): string {
  const [first, ...more] = repair.kind === 'patch' ? repair.operations : [];
  if (first === undefined) return repairInWords(repair, names);
  const said = capital(
    first.op === 'replace' && first.was !== undefined
      ? `${value(first.was)} becomes ${value(first.value)} in ${placeInWords(first.path)}`
      : operationInWords(first),
  );
  if (more.length === 0) return said;
  return `${said}, and ${more.length} more ${more.length === 1 ? 'change' : 'changes'}`;
}

const inapplicable = /^(Nothing at |There is nothing at |Nothing can be added at |)(\/\S*?)(?=\.?$| is )/;

/** Why a repair does not cure, with the place in the payload as people say it. */
export const reasonInWords = (message: string): string =>
  message.replace(inapplicable, (_, before: string, path: string) => `${before}“${placeInWords(path)}”`);

const places = /( at )((?:\/[^\s,]+)(?:, \/[^\s,]+)*)(?= and \d+ more|\. )/;

/** A sentence that names places in a payload, with each as people say it. */
export const placesInWords = (sentence: string): string =>
  sentence.replace(places, (_, at: string, paths: string) => {
    const said = paths.split(', ').map((path) => `“${placeInWords(path)}”`);
    return `${at}${said.join(', ')}`;
  });

/** What a shadow run tries, in a line. */
export const changeInWords = (change: ShadowRun['change'], names: EstateNames): string =>
  change.kind === 'estate' ? 'Another estate file' : repairInWords(change.repair, names);
