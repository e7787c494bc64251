import { z } from 'zod';
import { createStockClient } from '#sync-engine/stock/client.ts';
import type { Placed } from './traffic.ts';
import type { Violations } from './violations.ts';
import type { World } from './world.ts';

const document = z.looseObject({ externalId: z.string(), cancelled: z.boolean(), total: z.number() });
const netsuite = z.looseObject({ salesOrders: z.array(document), invoices: z.array(document) });
const shop = z.looseObject({
  orders: z.array(
    z.looseObject({
      id: z.string(),
      authorised: z.string().nullable(),
      captures: z.array(z.string()),
      captured: z.string(),
      fulfilments: z.array(z.unknown()),
    }),
  ),
});
const shipment = z.looseObject({ lines: z.array(z.looseObject({ sku: z.string(), quantity: z.number() })) });
const warehouse = z.looseObject({
  releases: z.array(z.looseObject({ reference: z.string(), status: z.string(), shipments: z.array(shipment) })),
});

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Holds what the outside systems have against the orders that were placed: one document of each kind, no more. */
export function checkSystems(world: World, placed: readonly Placed[], violations: Violations): void {
  const state = world.simulator.state();
  const books = netsuite.parse(state['netsuite']);
  const salesOrders = byKey(books.salesOrders, ({ externalId }) => externalId);
  const invoices = byKey(books.invoices, ({ externalId }) => externalId);
  const shopOrders = new Map(shop.parse(state['shopify-us']).orders.map((order) => [order.id, order]));
  const releases = byKey(releasesOf(world), ({ reference }) => reference);
  const known = new Set(placed.map(({ key }) => key));

  for (const { id, key, kind } of placed) {
    const ordered = salesOrders.get(`so-${key}`) ?? [];
    const invoiced = invoices.get(`inv-${key}`) ?? [];
    const released = releases.get(key) ?? [];
    const shipments = released.flatMap((release) => release.shipments);
    const paid = shopOrders.get(String(id));
    const off = kind === 'cancelled' && shipments.length === 0;
    violations.expect('releases', key, released.length, off ? Math.min(1, released.length) : 1);
    violations.expect('invoices', key, invoiced.length, off ? 0 : 1);
    violations.expect('captures', key, paid?.captures.length, off ? 0 : shipments.length);
    violations.expect('fulfilments', key, paid?.fulfilments.length, off ? 0 : shipments.length);
    if (off) {
      const standing = ordered.filter(({ cancelled }) => !cancelled).length;
      violations.expect('sales orders of cancelled orders', key, standing, 0);
      continue;
    }
    violations.expect('sales orders', key, ordered.length, 1);
    violations.expect('captured amounts', key, paid?.captured, paid?.authorised);
    violations.expect('invoiced amounts', key, invoiced[0]?.total, ordered[0]?.total);
    violations.expect('releases delivered', key, released[0]?.status, 'delivered');
  }
  for (const name of [...salesOrders.keys(), ...invoices.keys()])
    if (!known.has(name.replace(/^(so|inv)-/, ''))) violations.add('documents nobody ordered', name);
  for (const reference of releases.keys())
    if (!known.has(reference)) violations.add('releases nobody ordered', reference);
}

const releasesOf = (world: World) =>
  world.estate.systems
    .filter(({ kind }) => kind === 'rest-wms')
    .flatMap(({ id }) =>
      warehouse.parse(world.simulator.state(id)[id]).releases.map((release) => ({ ...release, system: id })),
    );

/** Every unit that was on a shelf is there or has left in a parcel, and nothing is promised any more. */
export async function checkStock(world: World, violations: Violations): Promise<void> {
  const shipped = new Map<string, number>();
  const located = new Map(world.estate.locations.map(({ id, wms }) => [wms, id]));
  for (const { system, shipments } of releasesOf(world))
    for (const { sku, quantity } of shipments.flatMap(({ lines }) => lines)) {
      const at = `${sku}@${located.get(system) ?? system}`;
      shipped.set(at, (shipped.get(at) ?? 0) + quantity);
    }
  const wanted = new Map(
    world.shelves.map(({ sku, location, quantity }) => {
      const at = `${sku}@${location}`;
      return [at, quantity - (shipped.get(at) ?? 0)];
    }),
  );
  const client = createStockClient(world.nc, world.estate, { attemptMs: 2_000, deadlineMs: 30_000 });
  for await (const { sku, location, on_hand, reserved } of client.allPositions()) {
    const at = `${sku}@${location}`;
    violations.expect('stock on hand', at, on_hand, wanted.get(at) ?? 0);
    violations.expect('stock still reserved', at, reserved, 0);
    wanted.delete(at);
  }
  for (const at of wanted.keys()) violations.add('stock on hand', `${at} is unknown to the stock`);
}
