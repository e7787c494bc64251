import { unlessInForce } from '../../versions.ts';
import { insteadOfIt, type PriceInline, priceVersions } from '../price-data.ts';

/**
 * A price with an end is not over for long after it was set: what came into force meanwhile is set again now, not then.
 * The transaction lasts until its end all the same, since it may be in force once more before.
 */
export const confirmInForce: PriceInline = {
  kind: 'inline',
  name: 'confirm_in_force',
  next: ({ data }) => (data.followed_by === undefined ? 'wait_for_end' : 'publish_price'),
  run: async (view, env) =>
    (await unlessInForce(priceVersions, insteadOfIt, view, env)) ?? {
      status: 'completed',
      data: { followed_by: undefined },
    },
};
