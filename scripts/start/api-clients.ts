import type { NatsConnection } from '@nats-io/nats-core';
import { type ApiClient, apiClient, channelScope } from '#contracts/v1/channel-api.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { compareAndSwap, getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import { valuesOf } from '#platform/nats/list.ts';
import { createApiClient, type NewApiClient } from '#platform/http/api-clients.ts';
import type { Secrets } from './secrets.ts';

/** Every API client, by id. Keys are stored nowhere. */
export async function listApiClients(kv: KV): Promise<ApiClient[]> {
  const found = await valuesOf(kv, apiClient);
  return found.sort((a, b) => a.id.localeCompare(b.id));
}

/** A client per system that speaks Syncline's own API, and one for master data. */
function clientsOf(estate: Estate): NewApiClient[] {
  const scopes = [...channelScope.options];
  const channels = estate.systems.filter((system) => system.kind === 'channel-api');
  const erp = estate.systems.find((system) => system.role === 'erp');
  return [
    ...channels.map(({ id, name }) => ({ id, name, scopes, quota_per_minute: 60_000, system: id })),
    ...(erp ? [{ id: 'master-data', name: 'Master data', scopes, quota_per_minute: 600_000, system: erp.id }] : []),
  ];
}

/** Makes sure that the estate's own API clients exist, with the keys kept in the secrets file. */
export async function ensureEstateClients(nats: NatsConnection, estate: Estate, secrets: Secrets): Promise<Secrets> {
  const kv = await openBucket(nats, buckets.apiClients);
  const known = new Set((await listApiClients(kv)).map((client) => client.id));
  const keys = { ...secrets.api_keys };
  for (const wanted of clientsOf(estate)) {
    if (known.has(wanted.id)) {
      // A simulated system may do whatever the API has learnt since it was made.
      if (estate.simulated) await widen(kv, wanted);
      continue;
    }
    const secret = keys[wanted.id]?.slice(wanted.id.length + 1);
    const created = await createApiClient(kv, { ...wanted, ...(secret === undefined ? {} : { secret }) }, new Date());
    keys[wanted.id] = created.key;
  }
  return { ...secrets, api_keys: keys };
}

async function widen(kv: KV, { id, scopes }: NewApiClient): Promise<void> {
  const stored = await getJson(kv, id, apiClient);
  if (stored === undefined || scopes.every((scope) => stored.value.scopes.includes(scope))) return;
  const wider = { ...stored.value, scopes: [...new Set([...stored.value.scopes, ...scopes])] };
  // Where another start was first, it has done the same.
  await compareAndSwap(kv, id, JSON.stringify(wider), stored.revision);
}

/** `MARKETPLACE_API_KEY` for the client `marketplace`. */
export const keyVariable = (clientId: string): string => `${clientId.replaceAll('-', '_').toUpperCase()}_API_KEY`;
