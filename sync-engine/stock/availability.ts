import { sellable } from '#contracts/v1/stock-rules.ts';
import type { Offering } from './journal.ts';
import type { Item } from './state.ts';

/** The quantity the channel should show for the item; 0 where the location is not offered there. */
export function quantityFor(item: Item, channel: string, offering: Offering): number {
  const at = offering[item.location];
  const share = at?.channels[channel];
  return at && share ? sellable(item, at.safety_stock, share.allocation_percent) : 0;
}

/** Channels that are called with the item's quantity. */
export function pushChannels(location: string, offering: Offering): string[] {
  return Object.entries(offering[location]?.channels ?? {})
    .filter(([, share]) => share.publication === 'push')
    .map(([channel]) => channel);
}

/** Push channels that have not confirmed the item as it stands. */
export function unconfirmed(item: Item, offering: Offering): string[] {
  return pushChannels(item.location, offering).filter(
    (channel) => (item.channels[channel]?.version ?? -1) < item.version,
  );
}
