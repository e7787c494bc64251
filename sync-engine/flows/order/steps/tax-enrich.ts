import { defineCall } from '../../flow.ts';
import { type OrderCall, type OrderData, type OrderEnv, orderOf, type OrderView, systemOfRole } from '../order-data.ts';

const quoteTax = defineCall<OrderData, OrderEnv, 'quote_tax'>({
  verb: 'quote_tax',
  system: (view) => systemOfRole(view.estate, 'tax') ?? 'none',
  skip: async (view, env) => {
    if (systemOfRole(view.estate, 'tax') === undefined) return 'The estate has no tax service.';
    const order = await orderOf(view, env);
    return order.shipping_address?.country_code === 'US' ? undefined : 'Only orders to the United States are quoted.';
  },
  input: async (view, env) => ({ order: await orderOf(view, env) }),
  done: (_view, quote) => ({
    status: 'completed',
    data: { tax_unchecked: false },
    attributes: { quoted_tax: quote.amountToCollect, quoted_rate: quote.rate },
  }),
  without: { tax_unchecked: true },
});

/** Compares the tax the channel charged with what the tax service would: recorded, never changed. */
export const taxEnrich: OrderCall = {
  kind: 'call',
  name: 'tax_enrich',
  next: () => 'fraud_screen',
  call: quoteTax,
};

/** An order that went on without its tax being compared is compared before revenue is posted, the last good moment. */
export const taxRevisit: OrderCall = {
  kind: 'call',
  name: 'tax_revisit',
  next: () => 'erp_post_invoice',
  call: quoteTax,
};

export const beforeInvoice = ({ data }: OrderView): string =>
  data.tax_unchecked === true ? taxRevisit.name : 'erp_post_invoice';
