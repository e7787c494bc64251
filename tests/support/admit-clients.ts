import { buckets } from '#contracts/v1/subjects.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { silentLog } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import type { TestEngine } from './engine.ts';

/**
 * Those of the simulated estate who send through the API, as `market.<secret>` and `master.<secret>`, and the taxes that
 * the second ERP knows.
 */
export async function admitClients(engine: Pick<TestEngine, 'nc'>, secret: string): Promise<void> {
  const kv = await openBucket(engine.nc, buckets.apiClients);
  const client = { quota_per_minute: 100_000, secret };
  const scopes = ['mappings.write' as const, 'prices.write' as const, 'products.write' as const];
  await createApiClient(kv, { ...client, id: 'master', name: 'Master', system: 'netsuite', scopes }, new Date());
  await createApiClient(
    kv,
    { ...client, id: 'market', name: 'Market', system: 'marketplace', scopes: ['orders.write', 'returns.write'] },
    new Date(),
  );
  const master = await createMasterData(engine.nc, silentLog);
  const changed = { changed_by: 'test', changed_at: new Date().toISOString(), reason: 'test' };
  for (const { title, erpCode } of mappedTaxes)
    await master.putMapping({ kind: 'tax_code', system: 'netsuite-uk', code: title, target: erpCode, ...changed });
  master.stop();
}
