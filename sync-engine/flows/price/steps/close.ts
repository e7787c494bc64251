import type { PriceInline } from '../price-data.ts';

/** The channel shows what it is to show. */
export const close: PriceInline = {
  kind: 'inline',
  name: 'close',
  next: () => 'close',
  run: () => ({ status: 'completed', finish: true }),
};
