import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KV } from '@nats-io/kv';
import { apiClient, type ApiClient } from '#contracts/v1/channel-api.ts';
import type { Log } from '#platform/log.ts';
import { compareAndSwap } from '#platform/nats/kv.ts';
import { watchBucket } from '#platform/nats/watch.ts';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
const nobodysHash = randomBytes(32);

export type NewApiClient = Pick<ApiClient, 'id' | 'name' | 'scopes' | 'quota_per_minute' | 'system'> & {
  /** The secret, for a key that is shared with a system set up elsewhere; random where absent. */
  secret?: string;
};

/**
 * Creates an API client in bucket API_CLIENTS.
 * @returns the key to send as `Authorization: Bearer <key>`. It is shown this once and stored nowhere.
 * @throws ZodError where a field is not valid, Error where the id is taken.
 */
export async function createApiClient(kv: KV, client: NewApiClient, now: Date): Promise<{ key: string }> {
  const { secret = randomBytes(32).toString('base64url'), ...rest } = client;
  const stored = apiClient.parse({
    ...rest,
    key_hash: sha256(secret).toString('hex'),
    created_at: now.toISOString(),
    disabled: false,
  });
  const revision = await compareAndSwap(kv, stored.id, JSON.stringify(stored), 0);
  if (revision === undefined) throw new Error(`An API client with the id "${stored.id}" exists already.`);
  return { key: `${stored.id}.${secret}` };
}

export interface ApiClients {
  /** Resolves once every stored client has been read. */
  ready: Promise<void>;
  /** The client whose key this is, or undefined. Takes the same time whether or not the id exists. */
  authenticate(key: string): ApiClient | undefined;
  stop(): void;
}

/** API clients in memory, following their bucket: a disabled one is refused within milliseconds. */
export async function watchApiClients(kv: KV, log: Log): Promise<ApiClients> {
  const clients = new Map<string, ApiClient>();
  const watch = await watchBucket(kv, (entry) => {
    if (entry.operation !== 'PUT') {
      clients.delete(entry.key);
      return;
    }
    try {
      clients.set(entry.key, apiClient.parse(JSON.parse(entry.string())));
    } catch (error) {
      log.error({ err: error, client: entry.key }, 'a stored API client does not fit its schema and is refused');
      clients.delete(entry.key);
    }
  });
  return {
    ready: watch.ready,
    stop: () => watch.stop(),
    authenticate: (key) => {
      const dot = key.indexOf('.');
      const client = clients.get(key.slice(0, Math.max(0, dot)));
      const expected = client === undefined ? nobodysHash : Buffer.from(client.key_hash, 'hex');
      const equal = timingSafeEqual(sha256(key.slice(dot + 1)), expected);
      return equal && client?.disabled === false ? client : undefined;
    },
  };
}
