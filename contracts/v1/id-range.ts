import { z } from 'zod';
import { slug } from './primitives.ts';

/** Ids that a range stands for at most. */
const MOST = 10_000;
/** Digits that are counted up: whole numbers, well within what counts exactly. */
const MOST_DIGITS = 9;

/** An id, or a range of ids: `store-041..store-120` stands for each from the first to the last, counted up in their digits. */
export const idOrRange = z
  .union([slug, z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\.\.[a-z0-9][a-z0-9-]{0,62}$/)], {
    error: 'expected an id of lower-case letters, digits and hyphens, or a range of ids such as "store-041..store-120"',
  })
  .refine((text) => Math.max(...digitsOf(text)) <= MOST_DIGITS, {
    error: `expected a range of ids that end in ${MOST_DIGITS} digits at most`,
    abort: true,
  })
  .refine((text) => idsIn(text).length > 0, {
    error: `expected a range of ids that differ in their last digits alone, the lower one first, ${MOST} of them at most`,
  });

/** Of a range, how many digits either end counts up. */
const digitsOf = (text: string): number[] =>
  text.includes('..') ? text.split('..').map((end) => /\d*$/.exec(end)?.[0].length ?? 0) : [0];

/** Each id that an id or a range of ids stands for, and the digits by which it differs from the others. Pure. */
export function numberedIdsIn(text: string): { id: string; number: string }[] {
  if (!text.includes('..')) return [{ id: text, number: '' }];
  const ends = /^(.*?)(\d+)\.\.(.*?)(\d+)$/.exec(text);
  if (ends === null) return [];
  const [, prefix = '', first = '', other, last = ''] = ends;
  const count = Number(last) - Number(first) + 1;
  if (first.length > MOST_DIGITS || prefix !== other || first.length !== last.length || count < 1 || count > MOST)
    return [];
  return Array.from({ length: count }, (_, i) => {
    const number = String(Number(first) + i).padStart(first.length, '0');
    return { id: `${prefix}${number}`, number };
  });
}

export const idsIn = (text: string): string[] => numberedIdsIn(text).map(({ id }) => id);
