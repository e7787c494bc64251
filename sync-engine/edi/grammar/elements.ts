import { dictionary } from './dictionary.ts';

/** Releases whose grammar is known here; a later one is read with the additions that partners use most. */
export type Release = '004010' | '005010';

/** X12 data types: text, code, numbers with implied decimals, decimal numbers, dates and times of day. */
export type ElementType = 'AN' | 'ID' | 'N0' | 'N2' | 'R' | 'DT' | 'TM';

export interface ElementRule {
  /** Number in the X12 data element dictionary; absent where a segment's own element has none here. */
  reference?: string;
  name: string;
  type: ElementType;
  min: number;
  max: number;
  /** Every value allowed; absent where the list is open, and what it means is the mapping's to say. */
  codes?: readonly string[];
}

const entry = /^(\S+) (AN|ID|N0|N2|R|DT|TM) (\d+) (\d+)(?:\/(\d+))? (.+?)(?: = (.+))?$/;

function parseDictionary(release: Release): ReadonlyMap<string, ElementRule> {
  return new Map(
    dictionary
      .trim()
      .split('\n')
      .map((row) => {
        const [, reference = '', type, min, max, later, name = '', codes] = entry.exec(row) ?? [];
        const longest = release === '005010' ? (later ?? max) : max;
        const rule = { reference, name, type: type as ElementType, min: Number(min), max: Number(longest) };
        return [reference, codes === undefined ? rule : { ...rule, codes: codes.split(' ') }] as const;
      }),
  );
}

const byRelease = { '004010': parseDictionary('004010'), '005010': parseDictionary('005010') };

/** @throws RangeError for a number that the dictionary does not have. */
export function elementRule(reference: string, release: Release): ElementRule {
  const rule = byRelease[release].get(reference);
  if (rule === undefined) throw new RangeError(`data element ${reference} is not in the dictionary`);
  return rule;
}
