import type { Collection, Store } from './store.ts';

/** What the estate knows of an order it placed, so that its warehouses and shops act in keeping. */
export interface PlacedOrder {
  system: string;
  external_id: string;
  number: string;
  placed_at: string;
  origin: 'simulated' | 'backfill';
}

export interface ReleasedLine {
  line_id: string;
  sku: string;
  quantity: number;
}

/** Orders by external id, and what warehouses were told to ship of them. */
export interface OrderBook {
  place(order: PlacedOrder): void;
  /** The order a reference or document id of ours belongs to: it contains the channel's own id. */
  find(reference: string): PlacedOrder | undefined;
  released(reference: string, lines: readonly ReleasedLine[]): void;
  linesOf(externalId: string): readonly ReleasedLine[];
  readonly placed: Collection<PlacedOrder>;
}

/** References are transaction keys, `<system>==<external id>`, perhaps with a suffix. */
const idInReference = /==([A-Za-z0-9_-]+)/;

export function createOrderBook(store: Store): OrderBook {
  const placed = store.collection<PlacedOrder>('book.orders');
  const lines = store.collection<ReleasedLine[]>('book.lines');
  const idOf = (reference: string) => idInReference.exec(reference)?.[1] ?? reference;
  return {
    placed,
    place: (order) => placed.put(order.external_id, order),
    find: (reference) => placed.get(idOf(reference)),
    released: (reference, released) => {
      const id = idOf(reference);
      const known = lines.get(id) ?? [];
      const fresh = released.filter((line) => !known.some((other) => other.line_id === line.line_id));
      if (fresh.length > 0) lines.put(id, [...known, ...fresh]);
    },
    linesOf: (externalId) => lines.get(externalId) ?? [],
  };
}
