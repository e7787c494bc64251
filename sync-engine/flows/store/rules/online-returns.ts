import type { StoreBatch, StoreReturn, TillTransaction } from '#contracts/v1/store.ts';

/** Does a receipt take back what was ordered online? Its order is credited for it, not the store's sales. */
export const isOnlineReturn = ({ kind, online_order }: TillTransaction): boolean =>
  kind === 'return' && online_order !== undefined;

/** The returns of online orders in a batch, each to be a return of its own. Pure. */
export function onlineReturnsOf({ store, sequence, currency, transactions }: StoreBatch): StoreReturn[] {
  return transactions.flatMap((receipt) => {
    const { online_order } = receipt;
    if (online_order === undefined || !isOnlineReturn(receipt)) return [];
    return [{ schema_version: 1, store, sequence, currency, receipt: { ...receipt, online_order } }];
  });
}
