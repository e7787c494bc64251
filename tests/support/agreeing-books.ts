import { silentLog } from '#platform/log.ts';
import { locationCode } from '#simulator/vendors/rest-wms/contract.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import type { TestEngine } from './engine.ts';

/** Places of the estate whose warehouse lists its stock. */
export const places = ['dc-east', 'dc-west', 'dc-eu'];

/**
 * Makes ERP and warehouses have what the engine of a test begins with: 100,000 of each of its five items in the east and
 * in the west, and nothing besides; and maps the places.
 * @returns the items
 */
export async function agreeingBooks({ nc, estate, simulator }: TestEngine): Promise<string[]> {
  const master = await createMasterData(nc, silentLog);
  const changed = { changed_by: 'test', changed_at: new Date().toISOString(), reason: 'test' };
  for (const { id, wms = '' } of estate.locations.filter((one) => places.includes(one.id)))
    await master.putMapping({ kind: 'location', system: wms, code: locationCode(id), target: id, ...changed });
  master.stop();
  const skus = simulator.catalogue.active.slice(0, 5).map(({ sku }) => sku);
  const known = new Set(skus);
  for (const side of ['wms', 'erp'] as const)
    for (const location of places)
      for (const { sku } of simulator.stock.list(side, location))
        simulator.stock.correct(side, location, sku, known.has(sku) && location !== 'dc-eu' ? 100_000 : 0);
  return skus;
}
