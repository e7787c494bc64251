import { type PriceInline, priceOf } from '../price-data.ts';

/**
 * The channel shows what it is to show. Where another price came into force while this one was under way, nobody knows
 * which of the two calls came last: that one is set again.
 */
export const close: PriceInline = {
  kind: 'inline',
  name: 'close',
  next: () => 'publish_next_price',
  run: async (view, { prices }) => {
    const { channel, sku, version } = priceOf(view);
    const { told, followed_by } = view.data;
    const inForce = told === true ? await prices.inForce(channel, sku, view.now) : undefined;
    if (inForce === undefined || inForce.version === (followed_by?.version ?? version))
      return { status: 'completed', finish: true };
    return {
      status: 'superseded',
      data: { followed_by: inForce },
      attributes: { reason: `Version ${inForce.version} came into force meanwhile and is set again.` },
    };
  },
};
