import type { ProductInline } from '../product-data.ts';

/** The channel shows what it is to show. */
export const close: ProductInline = {
  kind: 'inline',
  name: 'close',
  next: () => 'close',
  run: () => ({ status: 'completed', finish: true }),
};
