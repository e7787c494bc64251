import type { Disposition } from '#contracts/v1/returns.ts';
import type { ReturnLine } from '../return-data.ts';

/**
 * What becomes of goods: defective ones go back to who made them, damaged ones are thrown away, whatever anybody
 * suggested; of the others a suggestion stands, and where nobody looked at them the reason decides.
 */
export function dispositionOf({
  condition,
  reason,
  disposition,
}: Pick<ReturnLine, 'condition' | 'reason' | 'disposition'>): Disposition {
  if (condition === 'damaged') return 'scrap';
  if (condition === 'defective') return disposition === 'scrap' ? 'scrap' : 'vendor';
  if (disposition !== undefined) return disposition;
  if (condition === 'sellable') return 'restock';
  switch (reason) {
    case 'defective':
      return 'vendor';
    case 'damaged_in_transit':
      return 'scrap';
    default:
      return 'restock';
  }
}
