import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { silentLog } from '#platform/log.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import type { Simulator } from '#simulator/create-simulator.ts';
import { locationCode } from '#simulator/vendors/rest-wms/contract.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { createStockClient } from '#sync-engine/stock/client.ts';

export interface Shelf {
  sku: string;
  location: string;
  quantity: number;
}

/** How many items are sold: enough that orders meet on them, spread over every stock partition. */
export const ITEMS_SOLD = 120;
const PLENTY = 1_000_000;
/** What every seventh item has at the first location, so that orders fall through to the second. */
const SCARCE = 60;

/** Products, mappings and a first count of every shelf, as the channel API would have brought them. */
export async function fillMasterData(
  nc: NatsConnection,
  estate: Estate,
  simulator: Pick<Simulator, 'catalogue'>,
): Promise<Shelf[]> {
  const master = await createMasterData(nc, silentLog);
  const at = new Date().toISOString();
  const changed = { changed_by: 'chaos', changed_at: at, reason: 'first fill' };
  for (const { title, erpCode } of mappedTaxes)
    await master.putMapping({ kind: 'tax_code', system: 'netsuite', code: title, target: erpCode, ...changed });
  for (const { wms, id } of estate.locations)
    if (wms !== undefined)
      for (const code of new Set([id, locationCode(id)]))
        await master.putMapping({ kind: 'location', system: wms, code, target: id, ...changed });
  const stock = createStockClient(nc, estate, { attemptMs: 2_000, deadlineMs: 60_000 });
  const shelves: Shelf[] = [];
  for (const [index, { sku, title }] of simulator.catalogue.active.slice(0, ITEMS_SOLD).entries()) {
    await master.putProduct({
      schema_version: 1,
      sku,
      title,
      active: true,
      brand: 'northwind',
      unit_of_measure: 'EA',
      updated_at: at,
    });
    shelves.push({ sku, location: 'dc-east', quantity: index % 7 === 0 ? SCARCE : PLENTY });
    shelves.push({ sku, location: 'dc-west', quantity: PLENTY });
  }
  await Promise.all(
    shelves.map(({ sku, location, quantity }) =>
      stock.change({
        schema_version: 1,
        change_id: `first-${sku}-${location}`,
        source: location === 'dc-east' ? 'wms-east' : 'wms-west',
        sku,
        location,
        reason: 'count',
        quantity,
        version: 1,
        occurred_at: at,
      }),
    ),
  );
  master.stop();
  return shelves;
}
