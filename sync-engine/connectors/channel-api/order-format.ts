import { channelOrder } from '#contracts/v1/channel-api.ts';
import { glimpseOrder } from '../glimpse-json.ts';
import type { OrderFormat } from '../topics.ts';
import { canonicaliseChannelApiOrder } from './canonical-order.ts';

export const channelApiOrder: OrderFormat = {
  glimpse: glimpseOrder,
  canonicalise: canonicaliseChannelApiOrder,
  payload: { schema: channelOrder, numbers: 'as_numbers' },
};
