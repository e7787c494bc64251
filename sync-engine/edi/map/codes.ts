import type { MappingKind } from '#contracts/v1/mapping.ts';
import { Decimal, type Amount } from '../../money.ts';
import type { Partner } from '../partner.ts';
import { isDecimal } from '../read/values.ts';
import type { Segment } from '../reading.ts';
import { value } from './loops.ts';
import type { Problems } from './problems.ts';

/** What the codes of a partner are read with. Pure: the look-ups answer from memory. */
export interface CodeContext {
  partner: Partner;
  /** Estate id of the system the partner is. */
  system: string;
  /** Target of the partner's code in the mappings kept for `system`, undefined where there is none. */
  mapping(kind: MappingKind, code: string): string | undefined;
}

/** Where a product's codes stand in a segment: the numbers of the qualifiers, each code right behind. */
export const pairs = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + 2 * i);

/** A SKU that every look-up takes, in place of one that is missing; the document is not used while there is a problem. */
const standIn = 'missing';
const sku = /^[!#-&(-~]{1,64}$/;

/**
 * Our SKU of a product: by a mapping of any of its codes, else the code under the best qualifier as it is. Qualifiers are
 * those of the partner profile; others are not looked at.
 */
export function skuOf(
  segment: Segment,
  qualifierAt: readonly number[],
  context: CodeContext,
  problems: Problems,
): string {
  const codes = context.partner.sku.read.flatMap((qualifier) =>
    qualifierAt
      .filter((number) => value(segment, number) === qualifier && value(segment, number + 1) !== undefined)
      .map((number) => ({ number: number + 1, code: value(segment, number + 1) ?? '' })),
  );
  const [best] = codes;
  if (best === undefined) {
    const wanted = context.partner.sku.read.join(', ');
    const element = qualifierAt.find((number) => value(segment, number) !== undefined) ?? qualifierAt[0] ?? 1;
    problems.add(
      'validation',
      'missing_product_code',
      segment,
      element,
      `${segment.id} ${segment.ordinal} names no product by a code that was agreed on (${wanted}). Add one, or add its qualifier to the partner profile.`,
    );
    return standIn;
  }
  const mapped = codes.map(({ code }) => context.mapping('sku', code)).find((target) => target !== undefined);
  const found = mapped ?? best.code;
  if (sku.test(found)) return found;
  problems.addUnmapped(
    { kind: 'sku', system: context.system, code: best.code },
    'unusable_sku',
    segment,
    best.number,
    `"${best.code}" cannot be a SKU (1 to 64 visible characters, no spaces or quotes). Map it to a product.`,
  );
  return standIn;
}

/** Location of a place's code; undefined, and a problem, where neither a mapping nor the partner profile knows it. */
export function locationOf(
  segment: Segment,
  number: number,
  context: CodeContext,
  problems: Problems,
): string | undefined {
  const code = value(segment, number);
  if (code === undefined) {
    problems.add('validation', 'missing_location_code', segment, number, 'The place has no code. Add it.');
    return undefined;
  }
  const location = context.mapping('location', code) ?? context.partner.locations[code];
  if (location === undefined)
    problems.addUnmapped(
      { kind: 'location', system: context.system, code },
      'unknown_location',
      segment,
      number,
      `The place "${code}" of ${context.partner.id} is not mapped to a location.`,
    );
  return location;
}

/** How many of our units one of a unit code is; 1, and a problem, where the partner profile does not say. */
function unitsIn(segment: Segment, number: number, { partner }: CodeContext, problems: Problems): number {
  // In some segments the unit is the first part of a composite.
  const [code = partner.unit] = value(segment, number)?.split(segment.delimiters.component) ?? [];
  const units = partner.units[code];
  if (units === undefined)
    problems.add(
      'mapping',
      'unknown_unit',
      segment,
      number,
      `The unit "${code}" is not in the profile of ${partner.id}. Add how many of our units one of it is.`,
    );
  return units ?? 1;
}

/** A number of an element; undefined, and a problem, where there is none. */
export function numberAt(segment: Segment, number: number, what: string, problems: Problems): Amount | undefined {
  const text = value(segment, number);
  if (text !== undefined && isDecimal(text)) return new Decimal(text);
  problems.add('validation', 'missing_number', segment, number, `${what} is missing. Add it.`);
  return undefined;
}

/** A quantity in our units: whole, and within what a document may carry. 0, and a problem, for anything else. */
export function quantityAt(
  segment: Segment,
  { quantity, unit }: { quantity: number; unit: number },
  context: CodeContext,
  problems: Problems,
): number {
  const stated = numberAt(segment, quantity, 'The quantity', problems);
  const each = unitsIn(segment, unit, context, problems);
  if (stated === undefined) return 0;
  const units = stated.times(each);
  if (units.isInteger() && !units.isNegative() && units.lte(10_000_000)) return units.toNumber();
  problems.add(
    'validation',
    'unusable_quantity',
    segment,
    quantity,
    `${units.toFixed()} is no quantity: a whole number up to 10,000,000 is needed.`,
  );
  return 0;
}

/** An amount of a type with two implied decimals (N2): "1050" is 10.50. */
export const impliedCents = (digits: string): string => new Decimal(digits).dividedBy(100).toFixed(2);
