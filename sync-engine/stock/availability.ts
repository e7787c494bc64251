import type { Offering } from './journal.ts';
import type { Item } from './state.ts';

interface Quantities {
  on_hand: number;
  reserved: number;
}

/**
 * What a reservation may still take. Safety stock is not held back here: it protects what is *offered*, so that an
 * order that was accepted can be served although channels lag behind.
 */
export const availableToPromise = (item: Quantities): number => item.on_hand - item.reserved;

/** What may be offered at the location before channels take their share: never negative. */
export const offerable = (item: Quantities, safetyStock: number): number =>
  Math.max(0, item.on_hand - item.reserved - safetyStock);

/** A channel's share of what may be offered, rounded down. `allocationPercent` is 0 to 100. */
export const sellable = (item: Quantities, safetyStock: number, allocationPercent: number): number =>
  Math.floor((offerable(item, safetyStock) * allocationPercent) / 100);

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
