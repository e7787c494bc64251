import type { VendorContext } from '../vendor.ts';
import type { OutTray } from '../x12/out-tray.ts';
import { inventoryAdvice, receiptOf } from './telling.ts';

export interface Shelves {
  /** Counts everything where nothing was ever counted; told with the next documents. */
  fill(): void;
  take(lines: readonly { sku: string; quantity: number }[]): void;
  change(event: { sku: string; quantity: number; received: boolean }): void;
  /** Tells of what came in and was counted meanwhile. */
  count(): Promise<void>;
  state(): { sku: string; on_hand: number }[];
}

/** An item is counted only this long after the last of it left: what left before must be known by then. */
const QUIET_MS = 120_000;
/** Items in one advice. */
const MOST_ITEMS = 1_000;

interface Shelf {
  sku: string;
  onHand: number;
  /** Epoch milliseconds when some of it last left. */
  leftAt: number;
}

/** What lies in the warehouse, and what is told of it: receipts (944) at once, counts (846) when nothing of it moves. */
export function createShelves(
  { system, store, stock, catalogue, random }: VendorContext,
  {
    place,
    location,
    tray,
    isOpen,
  }: { place: string; location: string; tray: OutTray; isOpen: (sku: string) => boolean },
): Shelves {
  const shelves = store.collection<Shelf>(`${system.id}.shelves`);
  const toCount = new Set<string>();
  const receipts: { sku: string; quantity: number }[] = [];
  const numbers = store.collection<number>(`${system.id}.numbers`);
  const nextNumber = (name: string): string => {
    const number = (numbers.get(name) ?? 0) + 1;
    numbers.put(name, number);
    return `${name}-${number}`;
  };
  const shelfOf = (sku: string): Shelf => shelves.get(sku) ?? { sku, onHand: 0, leftAt: 0 };

  return {
    fill: () => {
      if (shelves.size > 0) return;
      for (const item of catalogue.active) {
        if (!isCarried(item.index)) continue;
        shelves.put(item.sku, { sku: item.sku, onHand: random.int(60, 400), leftAt: 0 });
        toCount.add(item.sku);
      }
    },
    take: (lines) => {
      for (const { sku, quantity } of lines)
        shelves.put(sku, { sku, onHand: shelfOf(sku).onHand - quantity, leftAt: Date.now() });
    },
    change: ({ sku, quantity, received }) => {
      const shelf = shelfOf(sku);
      shelves.put(sku, { ...shelf, onHand: Math.max(0, shelf.onHand + quantity) });
      if (received) receipts.push({ sku, quantity });
      else toCount.add(sku);
    },
    count: async () => {
      const at = new Date();
      for (const receipt of receipts.splice(0)) {
        await tray.put([receiptOf({ ...receipt, number: nextNumber('RC') }, place, at)], 'line_breaks');
        stock.hear(location, receipt.sku, { by: receipt.quantity });
      }
      const quiet = [...toCount].filter((sku) => !isOpen(sku) && shelfOf(sku).leftAt < at.getTime() - QUIET_MS);
      for (let from = 0; from < quiet.length; from += MOST_ITEMS) {
        const skus = quiet.slice(from, from + MOST_ITEMS);
        const counts = skus.map((sku) => ({ sku, quantity: shelfOf(sku).onHand }));
        await tray.put([inventoryAdvice({ counts, number: nextNumber('CC') }, place, at)], 'pipes');
        for (const { sku, quantity } of counts) stock.hear(location, sku, { count: quantity });
        for (const sku of skus) toCount.delete(sku);
      }
    },
    state: () => [...shelves.values()].map(({ sku, onHand }) => ({ sku, on_hand: onHand })),
  };
}

/** It leaves out every sixth item, and so only some of what the first warehouse lacks is here. */
export const isCarried = (index: number): boolean => index % 6 !== 5;
