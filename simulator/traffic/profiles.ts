import type { Channel, Estate } from '#contracts/v1/estate.ts';
import type { SaleCurrency } from '../catalogue/catalogue.ts';
import type { Market } from '../catalogue/customers.ts';

/** How a channel sells: to whom, at which share of the day's orders, in which time zone its customers live. */
export interface ChannelProfile {
  channel: Channel;
  kind: 'shopify' | 'channel-api' | 'amazon';
  market: Market;
  currency: SaleCurrency;
  share: number;
  utcOffsetHours: number;
  /** Where customers may collect, by the channel's own ids of the places. */
  pickups?: readonly string[];
}

/** Of the day's orders, beside those of the other channels: an order costs a call of a small quota. */
const AMAZON_SHARE = 0.1;

const markets: Record<SaleCurrency, { market: Market; share: number; utcOffsetHours: number }> = {
  USD: { market: 'us', share: 0.5, utcOffsetHours: -6 },
  EUR: { market: 'eu', share: 0.3, utcOffsetHours: 1 },
  GBP: { market: 'uk', share: 0.2, utcOffsetHours: 0 },
};
const isSaleCurrency = (currency: string): currency is SaleCurrency => currency in markets;

/** The estate's online channels. Stores sell over the counter and place no orders here. */
export function channelProfiles(estate: Estate): ChannelProfile[] {
  return estate.channels.flatMap((channel) => {
    const system = estate.systems.find(({ id }) => id === channel.system);
    if (system?.role !== 'channel' || !isSaleCurrency(channel.currency)) return [];
    const { kind, settings } = system;
    if (kind !== 'shopify' && kind !== 'channel-api' && kind !== 'amazon') return [];
    const market = { ...markets[channel.currency], ...(kind === 'amazon' ? { share: AMAZON_SHARE } : {}) };
    const desks = estate.locations.filter((location) => location.kind === 'store' && location.wms !== undefined);
    const pickups = desks.flatMap(({ id }) => settings[`location.${id}`] ?? []);
    return [{ channel, kind, currency: channel.currency, ...market, pickups }];
  });
}
