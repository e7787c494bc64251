import type { Canonicalised } from '../../connectors/reading.ts';
import { orderOfPurchaseOrder, type OrderContext } from './purchase-order.ts';
import { readSingleSet } from './single-set.ts';

/** The canonical order of an X12 purchase order (850), as it arrived or as somebody corrected it. */
export function canonicaliseX12Order(raw: string | Uint8Array, context: OrderContext): Canonicalised {
  const read = readSingleSet(raw, '850', context.partner);
  return 'problems' in read ? read : orderOfPurchaseOrder(read.received, context);
}
