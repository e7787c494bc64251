import type { Estate, Location } from '#contracts/v1/estate.ts';
import { createRandom } from '../random.ts';
import { isCarried } from '../vendors/x12-3pl/shelves.ts';
import type { Catalogue, CatalogueItem } from './catalogue.ts';

/** Items that stores keep, the best-sellers. */
export const STORE_ITEMS = 10;

const isThirdParty = ({ systems }: Estate, wms: string | undefined): boolean =>
  systems.some(({ id, kind }) => id === wms && kind === 'x12-3pl');

/**
 * Does a warehouse carry an item? The estate's first leaves out every third one, so that orders with such an item go to
 * the next warehouse of the channel, whole.
 */
export function carries(estate: Estate, location: string, item: CatalogueItem): boolean {
  const wms = estate.locations.find(({ id }) => id === location)?.wms;
  if (isThirdParty(estate, wms)) return isCarried(item.index);
  const first = estate.locations.find(({ wms }) => wms !== undefined)?.id;
  return location !== first || item.index % 3 !== 2;
}

/** Is what lies there handed over at the start? Of a store without an order desk its tills tell, when they count. */
export const isSeeded = ({ kind, wms }: Location): boolean => kind !== 'store' || wms !== undefined;

/**
 * What lies where on the first day, the same for the same seed. Best-sellers in the hundreds, the long tail in the tens;
 * stores keep a few of the best-sellers.
 */
export function initialStock(estate: Estate, catalogue: Catalogue, seed: string) {
  const random = createRandom(`stock ${seed}`);
  const put = (item: CatalogueItem, location: string, quantity: number) => ({ sku: item.sku, location, quantity });
  // A third party counts its own shelves and tells of them.
  const warehouses = estate.locations.filter(
    ({ kind, wms }) => kind !== 'store' && wms !== undefined && !isThirdParty(estate, wms),
  );
  const stores = estate.locations.filter((location) => location.kind === 'store' && isSeeded(location));
  const size = catalogue.items.length;
  return [
    ...stores.flatMap(({ id }) =>
      catalogue.active.slice(0, STORE_ITEMS).map((item) => put(item, id, random.int(2, 20))),
    ),
    ...warehouses.flatMap(({ id }) =>
      catalogue.items.map((item) => {
        const usual = 60 + 700 * (1 - item.index / size) ** 3;
        const carried = item.active && carries(estate, id, item);
        return put(item, id, carried ? Math.round((usual * random.int(60, 140)) / 100) : 0);
      }),
    ),
  ];
}
