/** How much of an item may be promised and offered: the engine decides by these, the console takes figures apart by them. */
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
  Math.max(0, availableToPromise(item) - safetyStock);

/** A channel's share of what may be offered, rounded down. `allocationPercent` is 0 to 100. */
export const sellable = (item: Quantities, safetyStock: number, allocationPercent: number): number =>
  Math.floor((offerable(item, safetyStock) * allocationPercent) / 100);
