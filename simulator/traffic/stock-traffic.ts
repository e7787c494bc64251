import { carries } from '../catalogue/initial-stock.ts';
import type { Random } from '../random.ts';
import { pause } from '../intake-client.ts';
import type { TrafficContext } from './traffic.ts';

/** Seconds between two stock changes of the whole estate, on average. */
const MEAN_PAUSE_S = 4;

/** Deliveries arrive, things break, what nobody came for goes back on the shelf: each is told by its warehouse. */
export async function stockTraffic(context: TrafficContext, random: Random, signal: AbortSignal): Promise<void> {
  const { estate, systems } = context;
  // A store's stock is what its tills say.
  const buildings = estate.locations.filter(({ kind }) => kind !== 'store');
  const warehouses = buildings.flatMap(({ id, wms }) => {
    const warehouse = wms === undefined ? undefined : (systems.warehouses.get(wms) ?? systems.thirdParties.get(wms));
    return warehouse === undefined ? [] : [{ location: id, warehouse }];
  });
  const items = context.catalogue.active;
  if (warehouses.length === 0 || items.length === 0) return;
  while (!signal.aborted) {
    await pause(Math.min(30, -Math.log(1 - random.next()) * MEAN_PAUSE_S) * 1000, signal);
    if (signal.aborted) return;
    const item = items[Math.floor(items.length * random.next() ** 1.6)];
    const { location, warehouse } = random.pick(warehouses);
    if (item === undefined || !carries(estate, location, item)) continue;
    const draw = random.next();
    const change =
      draw < 0.6
        ? { reason: 'receipt' as const, quantity: random.int(1, 10) * 12 }
        : draw < 0.85
          ? { reason: 'return' as const, quantity: 1 }
          : { reason: 'adjustment' as const, quantity: -random.int(1, 2) };
    warehouse.changeStock({ sku: item.sku, ...change });
  }
}
