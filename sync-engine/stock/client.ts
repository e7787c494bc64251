import type { NatsConnection } from '@nats-io/nats-core';
import type { Availability, StockChange } from '#contracts/v1/catalogue.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { STOCK_PARTITIONS, stockPartition } from '#contracts/v1/subjects.ts';
import { sellable } from '#contracts/v1/stock-rules.ts';
import type { Shortage, StockCommandInput, StockLine, StockPosition, StockReplyTo } from './commands.ts';
import { mergeLines } from './decide.ts';
import { type RequestOptions, ReservedElsewhere, type StockRequest, stockRequests } from './request.ts';

export type ReserveResult =
  | { ok: true; location: string }
  /** What was missing at every location tried, with what could have been promised. Nothing is reserved. */
  | { ok: false; short: Shortage[] };

export interface Reservation {
  location: string;
  /** What is still reserved, one line a SKU. */
  open: StockLine[];
  shipments: string[];
}

/** Stock as the flows use it. Everything may be repeated; every call may throw StockUnavailable. */
export interface StockClient {
  /**
   * Reserves all lines at the first of `locations` that has them, whatever partitions the SKUs live in. A repeat after
   * a crash keeps the reservation it finds and undoes what was left half done.
   */
  reserveOrder(order: {
    order_key: string;
    lines: readonly StockLine[];
    locations: readonly string[];
  }): Promise<ReserveResult>;
  /** Gives back what the order still holds; other lines may be reserved for it afterwards. */
  unreserveOrder(orderKey: string): Promise<void>;
  /** Gives back what the order still holds, for good: a reservation on its way is refused. @returns whether it held anything. */
  releaseOrder(orderKey: string): Promise<boolean>;
  /** Takes shipped goods off hand and out of the reservation, once per shipment id. @returns items now below zero. */
  commitShipment(shipment: {
    order_key: string;
    shipment_id: string;
    location: string;
    lines: readonly StockLine[];
  }): Promise<StockPosition[]>;
  change(change: StockChange, origin?: 'live' | 'backfill' | 'simulated'): Promise<StockReplyTo<'change'>>;
  /** Makes a count of before there was a journal, once. */
  open(change: StockChange, how: { over: boolean; dry_run: boolean }): Promise<StockReplyTo<'open'>['outcome']>;
  /** A channel shows another quantity than it confirmed: the confirmed one is due there again, if it still stands. */
  drifted(drift: Omit<Extract<StockCommandInput, { type: 'drifted' }>, 'type'>): Promise<StockReplyTo<'drifted'>>;
  /** What the order holds now, or undefined where nothing is known of it. */
  reservation(orderKey: string): Promise<Reservation | undefined>;
  /** Positions of these SKUs at every location that knows them. */
  positions(skus: readonly string[]): Promise<StockPosition[]>;
  /** References of the orders that still hold something of these items. */
  holders(skus: readonly string[]): AsyncGenerator<string>;
  /** Every position there is, partition by partition. */
  allPositions(): AsyncGenerator<StockPosition>;
  /** What channels may offer, for every location the channel sells from that knows the SKU. */
  availability(query: { skus: readonly string[]; channel?: string; location?: string }): Promise<Availability[]>;
}

const partitions = Array.from({ length: STOCK_PARTITIONS }, (_, partition) => partition);

/** Opens the client; `requests` may be shortened by tests. */
export function createStockClient(
  nc: NatsConnection,
  estate: Estate,
  requests: RequestOptions = { attemptMs: 2_000, deadlineMs: 20_000 },
): StockClient {
  const request = stockRequests(nc, requests);
  const positions = async (skus: readonly string[]): Promise<StockPosition[]> => {
    const reads = groupBy(skus, stockPartition).flatMap(([partition, own]) =>
      chunks(own, 500).map((some) => request(partition, { type: 'read', skus: some })),
    );
    return (await Promise.all(reads)).flatMap((reply) => reply.positions);
  };
  return {
    reserveOrder: (order) => reserveOrder(request, order),
    unreserveOrder: async (orderKey) => {
      await Promise.all(partitions.map((partition) => request(partition, { type: 'release', order_key: orderKey })));
    },
    releaseOrder: async (orderKey) => {
      const replies = await Promise.all(
        partitions.map((partition) => request(partition, { type: 'release', order_key: orderKey, final: true })),
      );
      return replies.some((reply) => reply.released);
    },
    commitShipment: async ({ lines, ...shipment }) => {
      const replies = await Promise.all(
        byPartition(lines).map(([partition, own]) =>
          request(partition, { type: 'commit_shipment', ...shipment, lines: own }),
        ),
      );
      return replies.flatMap((reply) => reply.negative);
    },
    change: (change, origin = 'live') => request(stockPartition(change.sku), { type: 'change', change, origin }),
    open: async (change, how) => (await request(stockPartition(change.sku), { type: 'open', change, ...how })).outcome,
    drifted: (drift) => request(stockPartition(drift.sku), { type: 'drifted', ...drift }),
    reservation: async (orderKey) => {
      const replies = await Promise.all(
        partitions.map((partition) => request(partition, { type: 'read', order_key: orderKey })),
      );
      const parts = replies.flatMap((reply) => (reply.reservation ? [reply.reservation] : []));
      const [first] = parts;
      if (!first) return undefined;
      return {
        location: first.location,
        open: parts.flatMap((part) => part.open),
        shipments: [...new Set(parts.flatMap((part) => part.shipments))],
      };
    },
    positions,
    async *holders(skus) {
      for (const [partition, own] of groupBy(skus, stockPartition)) {
        for (const some of chunks(own, 500)) {
          let after: string | undefined;
          do {
            const reply: StockReplyTo<'holders'> = await request(partition, {
              type: 'holders',
              skus: some,
              ...(after !== undefined && { after }),
            });
            yield* reply.order_keys;
            after = reply.more ? reply.order_keys.at(-1) : undefined;
          } while (after !== undefined);
        }
      }
    },
    async *allPositions() {
      for (const partition of partitions) {
        let offset: number | undefined = 0;
        while (offset !== undefined) {
          const page: StockReplyTo<'read'> = await request(partition, { type: 'read', offset });
          yield* page.positions;
          offset = page.next;
        }
      }
    },
    availability: async ({ skus, channel, location }) => {
      const known = await positions(skus);
      return estate.channels
        .filter((candidate) => channel === undefined || candidate.id === channel)
        .flatMap((candidate) =>
          known
            .filter((at) => candidate.locations.includes(at.location) && (location ?? at.location) === at.location)
            .map((at) => toAvailability(estate, candidate.id, candidate.allocation_percent, at)),
        );
    },
  };
}

function toAvailability(estate: Estate, channel: string, percent: number, position: StockPosition): Availability {
  const { behind: _, confirmed: __, ...at } = position;
  const safetyStock = estate.locations.find((location) => location.id === at.location)?.safety_stock ?? 0;
  return {
    schema_version: 1,
    ...at,
    channel,
    safety_stock: safetyStock,
    allocation_percent: percent,
    sellable: sellable(at, safetyStock, percent),
  };
}

async function reserveOrder(
  request: StockRequest,
  order: { order_key: string; lines: readonly StockLine[]; locations: readonly string[] },
): Promise<ReserveResult> {
  const { order_key } = order;
  const parts = byPartition(order.lines);
  const release = (some: readonly number[], location: string): Promise<unknown> =>
    Promise.all(some.map((partition) => request(partition, { type: 'release', order_key, location })));

  /** Everything at one location, or nothing of it. */
  async function reserveAt(location: string): Promise<{ ok: boolean; short: Shortage[]; elsewhere: string[] }> {
    const asked = await Promise.allSettled(
      parts.map(([partition, lines]) => request(partition, { type: 'reserve', order_key, location, lines })),
    );
    const failed = asked.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    const replies = asked.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (replies.every((reply) => reply.ok)) return { ok: true, short: [], elsewhere: [] };
    await release(
      parts.flatMap(([partition], index) => (replies[index]?.ok ? [partition] : [])),
      location,
    );
    return {
      ok: false,
      short: replies.flatMap((reply) => reply.short),
      elsewhere: replies.flatMap((reply) => (reply.elsewhere === undefined ? [] : [reply.elsewhere])),
    };
  }

  const short: Shortage[] = [];
  for (const location of order.locations) {
    let result = await reserveAt(location);
    const [left] = result.elsewhere;
    if (left !== undefined) {
      // An earlier attempt got further: what it reserved is kept if it can be completed, otherwise undone.
      if ((await reserveAt(left)).ok) return { ok: true, location: left };
      await release(partitions, left);
      result = await reserveAt(location);
    }
    if (result.ok) return { ok: true, location };
    // Nothing is short, so another attempt of this order is at work: what it leaves is found by trying again later.
    if (result.short.length === 0) throw new ReservedElsewhere(order_key);
    short.push(...result.short);
  }
  // A repeat may find a part of its first attempt at a location that is short now.
  for (const location of order.locations)
    await release(
      parts.map(([partition]) => partition),
      location,
    );
  return { ok: false, short };
}

const byPartition = (lines: readonly StockLine[]): [number, StockLine[]][] =>
  groupBy(mergeLines(lines), (line) => stockPartition(line.sku));

function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): [K, T[]][] {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return [...groups];
}

function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
}
