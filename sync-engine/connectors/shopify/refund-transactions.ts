import type { ShopifyRefund, Transaction } from './contract.ts';

/**
 * Did a transaction move money, or is it about to? With some ways to pay, the bank takes days to answer; the shop counts
 * what is pending as given from the start.
 */
export const isMade = (status: string): boolean => status === 'success' || status === 'pending';

/** What went back to the customer, each with its place among the refund's transactions. */
export const givenBack = ({ transactions }: ShopifyRefund): { transaction: Transaction; index: number }[] =>
  (transactions ?? [])
    .map((transaction, index) => ({ transaction, index }))
    .filter(({ transaction: { kind, status } }) => kind === 'refund' && isMade(status));

/** The balance of Shopify Payments lists the transactions of a refund; what went onto a gift card is not in it. */
export const balanceOf = (refund: ShopifyRefund): { reference: string; amount: string }[] =>
  givenBack(refund).flatMap(({ transaction: { id, gateway, amount } }) =>
    gateway === 'gift_card' ? [] : [{ reference: id, amount }],
  );
