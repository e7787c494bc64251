import type { Estate } from '#contracts/v1/estate.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { initialStock } from './catalogue/initial-stock.ts';
import type { Collection, Store } from './store.ts';

export interface BookedStock {
  sku: string;
  quantity: number;
  /** Grows with each movement. */
  version: number;
  changed_at: string;
}

/**
 * What lies in the warehouses, as each of two sides has it: the warehouse system, and the ERP that hears of every
 * movement through an interface of its own. They are equal unless somebody corrects one alone.
 */
export interface StockBook {
  /** A count sets, anything else adds; both sides get to know. */
  move(location: string, sku: string, change: { count: number } | { by: number }): void;
  /** As `move`, but only the ERP gets to know: of a third party that tells it when it tells us. */
  hear(location: string, sku: string, change: { count: number } | { by: number }): void;
  /** What a side has of a location, by SKU. */
  list(side: 'wms' | 'erp', location: string): BookedStock[];
  /** Sets one side alone: somebody corrected it there and nowhere else. */
  correct(side: 'wms' | 'erp', location: string, sku: string, quantity: number): void;
}

export function createStockBook(store: Store, estate: Estate, catalogue: Catalogue, seed: string): StockBook {
  const books = new Map<string, Collection<BookedStock>>();
  const bookOf = (side: string, location: string) => {
    const name = `stock.${side}.${location}`;
    const known = books.get(name) ?? store.collection<BookedStock>(name, 200_000);
    books.set(name, known);
    return known;
  };
  const write = (side: string, location: string, sku: string, quantity: number) =>
    bookOf(side, location).put(sku, {
      sku,
      quantity,
      version: (bookOf(side, location).get(sku)?.version ?? 0) + 1,
      changed_at: new Date().toISOString(),
    });
  const kept = new Set(estate.locations.filter(({ wms }) => wms !== undefined).map(({ id }) => id));
  const apply = (
    sides: readonly string[],
    location: string,
    sku: string,
    change: { count: number } | { by: number },
  ) => {
    for (const side of sides)
      write(
        side,
        location,
        sku,
        'count' in change ? change.count : (bookOf(side, location).get(sku)?.quantity ?? 0) + change.by,
      );
  };
  for (const { location, sku, quantity } of initialStock(estate, catalogue, seed))
    if (kept.has(location))
      for (const side of ['wms', 'erp'])
        if (bookOf(side, location).get(sku) === undefined) write(side, location, sku, quantity);
  return {
    move: (location, sku, change) => apply(['wms', 'erp'], location, sku, change),
    hear: (location, sku, change) => apply(['erp'], location, sku, change),
    list: (side, location) => [...bookOf(side, location).values()],
    correct: write,
  };
}
