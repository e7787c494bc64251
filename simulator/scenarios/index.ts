import { erpMaintenance } from './erp-maintenance.ts';
import { erpMigration } from './erp-migration.ts';
import { flashSale } from './flash-sale.ts';
import { inactiveSku } from './inactive-sku.ts';
import { lateAsn } from './late-asn.ts';
import { normal } from './normal.ts';
import { lostWebhooks } from './lost-webhooks.ts';
import { payoutMismatch } from './payout-mismatch.ts';
import { priceDrift } from './price-drift.ts';
import { returnsWave } from './returns-wave.ts';
import type { Scenario } from './scenario.ts';
import { storeOffline } from './store-offline.ts';
import { unmappedTaxCode } from './unmapped-tax-code.ts';

export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [
    normal,
    unmappedTaxCode,
    inactiveSku,
    erpMaintenance,
    erpMigration,
    flashSale,
    priceDrift,
    returnsWave,
    storeOffline,
    lateAsn,
    payoutMismatch,
    lostWebhooks,
  ].map((scenario) => [scenario.name, scenario]),
);
export { normal };
