import type { StoreBatch, StoreReturn, TillTransaction } from '#contracts/v1/store.ts';

/** Does a receipt take back what was ordered online? Its order is credited for it, not the store's sales. */
export const isOnlineReturn = (receipt: TillTransaction): receipt is StoreReturn['receipt'] =>
  receipt.kind === 'return' && receipt.online_order !== undefined;

/** The returns of online orders in a batch, each to be a return of its own. Pure. */
export function onlineReturnsOf({ transactions, ...batch }: StoreBatch): StoreReturn[] {
  const { schema_version, store, sequence, business_date, currency } = batch;
  return transactions
    .filter(isOnlineReturn)
    .map((receipt) => ({ schema_version, store, sequence, business_date, currency, receipt }));
}
