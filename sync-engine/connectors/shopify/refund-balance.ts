import type { ShopifyRefund } from './contract.ts';

/** The balance of Shopify Payments lists the transactions of a refund; what went onto a gift card is not in it. */
export const balanceOf = ({ transactions }: ShopifyRefund): { reference: string; amount: string }[] =>
  (transactions ?? []).flatMap(({ id, kind, status, gateway, amount }) =>
    kind === 'refund' && (status === 'success' || status === 'pending') && gateway !== 'gift_card'
      ? [{ reference: id, amount }]
      : [],
  );
