import { type PriceInline, priceOf } from '../price-data.ts';

/** What takes the place of a price that has ended: the newest other one whose time it is. */
export const chooseNextPrice: PriceInline = {
  kind: 'inline',
  name: 'choose_next_price',
  next: () => 'publish_next_price',
  run: async (view, env) => {
    const price = priceOf(view);
    const { channel, sku, version, amount, currency } = price;
    await env.prices.end(price);
    const next = await env.prices.inForce(channel, sku, view.now);
    if (next !== undefined)
      return { status: 'completed', data: { followed_by: next }, attributes: { version: String(next.version) } };
    return {
      status: 'quarantined',
      problems: [
        {
          error_class: 'reference',
          error_code: 'no_price_after_end',
          path: '/ends_at',
          document: 'received',
          message: `Version ${version} of the price of ${sku} has ended and no other is known: the channel still shows ${amount} ${currency}. Send the price that is to follow, then replay.`,
        },
      ],
    };
  },
};
