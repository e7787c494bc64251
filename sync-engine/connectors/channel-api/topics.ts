import { channelCustomer, channelPrice, channelStock } from '#contracts/v1/channel-api.ts';
import { channelReturn } from '#contracts/v1/returns.ts';
import type { Topic } from '../topics.ts';
import { readCustomerFeed } from './customer-feed.ts';
import { readPriceFeed } from './price-feed.ts';
import { readReturnFeed } from './return-feed.ts';
import { readStockFeed } from './stock-feed.ts';

/** What comes through Syncline's own API, which a system of any kind may use. */
export const apiTopics = {
  'channel.order': { means: 'order_placed' },
  'channel.stock': {
    means: 'stock_change',
    read: readStockFeed,
    payload: { schema: channelStock, numbers: 'as_numbers' },
  },
  'channel.price': {
    means: 'price',
    read: readPriceFeed,
    payload: { schema: channelPrice, numbers: 'as_numbers' },
  },
  'channel.customer': {
    means: 'customer',
    read: readCustomerFeed,
    payload: { schema: channelCustomer, numbers: 'as_numbers' },
  },
  'channel.return': {
    means: 'return_request',
    read: readReturnFeed,
    payload: { schema: channelReturn, numbers: 'as_numbers' },
  },
  'channel.product': { means: 'master_data' },
  'channel.mapping': { means: 'master_data' },
} as const satisfies Record<string, Topic>;
