import { isObject } from '../vendor.ts';

/** SuiteTalk references a record as { id }, { externalId }, { refName }, "eid:…" or the bare value. */
export function reference(value: unknown): string {
  if (typeof value === 'string') return value.replace(/^eid:/, '');
  if (typeof value === 'number') return String(value);
  if (!isObject(value)) return '';
  for (const name of ['id', 'externalId', 'refName']) {
    const text = reference(value[name]);
    if (text !== '') return text;
  }
  return '';
}
