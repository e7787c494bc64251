import { STOCK_AVAILABLE } from '../../../backorders/backorder-book.ts';
import type { OrderWait } from '../order-data.ts';

/** Everything that was in stock has left; the rest waits until there is some. */
export const awaitStock: OrderWait = {
  kind: 'wait',
  waitsFor: 'The rest of the order waits for stock to come in.',
  name: 'await_stock',
  next: () => 'reallocate',
  accepts: (_view, inbox) => inbox.filter(({ type }) => type === STOCK_AVAILABLE).map(({ id }) => id),
  apply: () => ({ status: 'completed' }),
};
