import type { Estate } from '#contracts/v1/estate.ts';
import type { Log } from '#platform/log.ts';
import type { Delivery, IntakeClient } from '../intake-client.ts';
import { pause } from '../intake-client.ts';
import { locationCode } from '../vendors/rest-wms/contract.ts';
import type { Catalogue } from './catalogue.ts';
import { initialStock } from './initial-stock.ts';
import { mappedTaxes } from './taxes.ts';

/** Puts under way at the same time. */
const CONCURRENCY = 24;
const VISIBLE_WITHIN_MS = 120_000;

/**
 * Gives the engine its master data through its public API: mappings, products and first stock counts. Resolves once
 * the last counts can be read back, so that no order comes before what it needs.
 * @param apiKey `<id>.<secret>` of a client that may write products, stock and mappings.
 */
export async function seedEngine(options: {
  estate: Estate;
  catalogue: Catalogue;
  intake: IntakeClient;
  apiKey: string;
  seed: string;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  const { intake, log, signal } = options;
  const stock = stockPuts(options.estate, options.catalogue, options.seed);
  const batches = [mappingPuts(options.estate), productPuts(options.catalogue), stock];
  let refused = 0;
  for (const batch of batches) {
    let next = 0;
    const worker = async () => {
      while (!signal.aborted) {
        const put = batch[next++];
        if (put === undefined) return;
        const accepted = await intake.deliver(withKey(put, options.apiKey), 200);
        if (!accepted && !signal.aborted) refused++;
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }
  log.info({ puts: batches.flat().length, refused }, 'master data was handed over');
  const last = stock.at(-1);
  if (last !== undefined) await visible(intake, options.apiKey, last, signal, log);
}

interface Put {
  path: string;
  body: unknown;
  origin?: 'backfill';
}

type StockPut = Put & { sku: string; location: string };

function withKey(put: Put, apiKey: string): Delivery {
  return {
    method: 'PUT',
    path: put.path,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
      'x-syncline-origin': put.origin ?? 'simulated',
    },
    body: JSON.stringify(put.body),
  };
}

export function mappingPuts(estate: Estate): Put[] {
  const reason = 'Initial set-up of the simulated estate';
  const put = (kind: string, code: string, system: string, target: string): Put => ({
    path: `/v1/mappings/${kind}/${encodeURIComponent(code)}`,
    body: { system, target, reason },
  });
  const methods = { STANDARD: 'standard', EXPRESS: 'express', ECONOMY: 'economy' };
  return estate.systems.flatMap((system) => {
    if (system.kind === 'netsuite') return mappedTaxes.map((tax) => put('tax_code', tax.title, system.id, tax.erpCode));
    if (system.kind === 'shopify')
      return Object.entries(methods).map(([code, tier]) => put('shipping_method', code, system.id, tier));
    // What a third party calls its places stands in its profile.
    if (system.kind === 'x12-3pl') return [];
    const buildings = estate.locations.filter((location) => location.wms === system.id);
    return buildings.map(({ id }) => put('location', locationCode(id), system.id, id));
  });
}

function productPuts(catalogue: Catalogue): Put[] {
  const updated_at = new Date().toISOString();
  return catalogue.items.map((item) => ({
    path: `/v1/products/${encodeURIComponent(item.sku)}`,
    // The shops have the catalogue already.
    origin: 'backfill',
    body: {
      title: item.title,
      active: item.active,
      brand: item.brand,
      gtin: item.gtin,
      unit_of_measure: 'EA',
      weight_grams: item.weightGrams,
      tax_category: item.taxCategory,
      cost: { amount: (item.costCents / 100).toFixed(2), currency: 'USD' },
      updated_at,
    },
  }));
}

function stockPuts(estate: Estate, catalogue: Catalogue, seed: string): StockPut[] {
  const occurred_at = new Date().toISOString();
  return initialStock(estate, catalogue, seed).map(({ sku, location, quantity }) => ({
    sku,
    location,
    path: `/v1/stock/${location}/${encodeURIComponent(sku)}`,
    body: { quantity, version: Date.now(), occurred_at },
  }));
}

/** Waits until the last put can be read back. What was put before it has been taken in by then. */
async function visible(
  intake: IntakeClient,
  apiKey: string,
  { sku, location }: StockPut,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  const giveUp = Date.now() + VISIBLE_WITHIN_MS;
  while (!signal.aborted && Date.now() < giveUp) {
    const answer = await intake.send({
      method: 'GET',
      path: `/v1/availability?sku=${encodeURIComponent(sku)}&location=${location}`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: '',
    });
    if (answer.status === 200 && /"on_hand":\d/.test(answer.body)) return;
    await pause(250, signal);
  }
  if (!signal.aborted) log.warn({ sku }, 'the engine has not taken in the master data yet; going on');
}
