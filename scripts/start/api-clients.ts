import { createHash, randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { type ApiClient, apiClient, apiScope } from '#contracts/v1/channel-api.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { compareAndSwap, getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import type { Secrets } from './secrets.ts';

export type NewApiClient = Pick<ApiClient, 'id' | 'name' | 'scopes' | 'quota_per_minute' | 'system'>;

export interface ApiClientStore {
  /** @returns the key `<id>.<secret>`, which nobody can read again, or undefined where the id is taken. */
  add(input: NewApiClient): Promise<string | undefined>;
  list(): Promise<ApiClient[]>;
  /** Makes exactly this key valid, whatever was stored under its id. */
  restore(input: NewApiClient, key: string): Promise<void>;
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

export async function openApiClients(nats: NatsConnection): Promise<ApiClientStore> {
  const kv = await openBucket(nats, buckets.apiClients);
  const entry = (input: NewApiClient, secret: string): string =>
    JSON.stringify(
      apiClient.parse({ ...input, key_hash: hashOf(secret), created_at: new Date().toISOString(), disabled: false }),
    );
  return {
    add: async (input) => {
      const secret = randomBytes(32).toString('base64url');
      const created = await compareAndSwap(kv, input.id, entry(input, secret), 0);
      return created === undefined ? undefined : `${input.id}.${secret}`;
    },
    restore: async (input, key) => {
      await kv.put(input.id, entry(input, key.slice(input.id.length + 1)));
    },
    list: () => all(kv),
  };
}

async function all(kv: KV): Promise<ApiClient[]> {
  const found: ApiClient[] = [];
  for await (const key of await kv.keys()) {
    const stored = await getJson(kv, key, apiClient);
    if (stored) found.push(stored.value);
  }
  return found.sort((a, b) => a.id.localeCompare(b.id));
}

/** A client per system that speaks Syncline's own API, and one for master data. */
function clientsOf(estate: Estate): NewApiClient[] {
  const scopes = [...apiScope.options];
  const channels = estate.systems.filter((system) => system.kind === 'channel-api');
  const erp = estate.systems.find((system) => system.role === 'erp');
  return [
    ...channels.map(({ id, name }) => ({ id, name, scopes, quota_per_minute: 60_000, system: id })),
    ...(erp ? [{ id: 'master-data', name: 'Master data', scopes, quota_per_minute: 600_000, system: erp.id }] : []),
  ];
}

/** Makes sure that the estate's own API clients exist, with the keys kept in the secrets file. */
export async function ensureEstateClients(nats: NatsConnection, estate: Estate, secrets: Secrets): Promise<Secrets> {
  const store = await openApiClients(nats);
  const known = new Map((await store.list()).map((client) => [client.id, client]));
  const keys = { ...secrets.api_keys };
  for (const wanted of clientsOf(estate)) {
    const kept = keys[wanted.id];
    if (kept === undefined) {
      const added = await store.add(wanted);
      if (added !== undefined) keys[wanted.id] = added;
    } else if (!known.has(wanted.id)) {
      await store.restore(wanted, kept);
    }
  }
  return { ...secrets, api_keys: keys };
}

/** `MARKETPLACE_API_KEY` for the client `marketplace`. */
export const keyVariable = (clientId: string): string => `${clientId.replaceAll('-', '_').toUpperCase()}_API_KEY`;
