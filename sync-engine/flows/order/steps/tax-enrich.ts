import { defineCall } from '../../flow.ts';
import { type OrderCall, type OrderData, type OrderEnv, orderOf, systemOfRole } from '../order-data.ts';

/** Compares the tax the channel charged with what the tax service would: recorded, never changed. */
export const taxEnrich: OrderCall = {
  kind: 'call',
  name: 'tax_enrich',
  next: () => 'fraud_screen',
  call: defineCall<OrderData, OrderEnv, 'quote_tax'>({
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
      attributes: { quoted_tax: quote.amountToCollect, quoted_rate: quote.rate },
    }),
  }),
};
