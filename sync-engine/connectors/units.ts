import type { CaseProblem } from '#contracts/v1/case.ts';
import type { MessageContext } from './topics.ts';

export interface Counted {
  sku: string;
  quantity: number;
  /** The sender's unit of measure; absent, or `EA`, is one of ours. */
  unit?: string | null | undefined;
}

/**
 * A quantity in our own units: a sender counts in cases or pallets where it likes, and what one holds is a mapping of the
 * kind `unit`, for one SKU (`CS/TOTE-MOSS`) or for all (`CS`). `path` is where the unit stands in the message.
 */
export function inOwnUnits(
  { sku, quantity, unit }: Counted,
  path: string,
  { system, mapping }: Pick<MessageContext, 'system' | 'mapping'>,
): { quantity: number } | { problem: CaseProblem } {
  if (unit === undefined || unit === null || unit === 'EA') return { quantity };
  const target = mapping('unit', `${unit}/${sku}`) ?? mapping('unit', unit);
  const problem = (error_code: string, message: string): CaseProblem => ({
    ...{ error_class: 'mapping', error_code, path, document: 'received', message },
    missing_mapping: { kind: 'unit', system, code: unit.slice(0, 200) },
  });
  if (target === undefined)
    return {
      problem: problem(
        'unknown_unit',
        `The unit "${unit}" of ${system} is not mapped: say how many of our units one is.`,
      ),
    };
  if (!/^[1-9]\d{0,5}$/.test(target))
    return {
      problem: problem(
        'unusable_unit',
        `The unit "${unit}" of ${system} is mapped to "${target}", which is no whole number of units.`,
      ),
    };
  return { quantity: quantity * Number(target) };
}
