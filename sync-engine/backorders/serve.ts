import type { Backorder } from './backorder-book.ts';

interface Held {
  sku: string;
  location: string;
  /** On hand less reserved. */
  available: number;
}

/**
 * Which waiting orders there is something for: the order placed first is served first, and what it may take is not
 * promised to the next one.
 */
export function ordersToServe(waiting: ReadonlyMap<string, Backorder>, held: readonly Held[]): string[] {
  const left = new Map(held.map(({ sku, location, available }) => [`${location} ${sku}`, available]));
  const oldestFirst = [...waiting].sort(
    ([keyA, a], [keyB, b]) => a.placed_at.localeCompare(b.placed_at) || keyA.localeCompare(keyB),
  );
  return oldestFirst.flatMap(([key, { lines, locations }]) => {
    let served = 0;
    for (const { sku, quantity } of lines) {
      let wanted = quantity;
      for (const location of locations) {
        const place = `${location} ${sku}`;
        const units = Math.min(wanted, Math.max(0, left.get(place) ?? 0));
        left.set(place, (left.get(place) ?? 0) - units);
        wanted -= units;
        served += units;
      }
    }
    return served > 0 ? [key] : [];
  });
}
