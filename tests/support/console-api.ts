import { expect } from 'vitest';
import { apiClient, type ApiScope, type Problem } from '#contracts/v1/channel-api.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { createConsole } from '#app/server/console.ts';
import { openAudit } from '#platform/audit.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { compareAndSwap, getJson, openBucket } from '#platform/nats/kv.ts';
import { consoleBundle } from './console.ts';
import { orderDraft } from './engine.ts';
import { type LandedEstate, startLandedEstate } from './landed-estate.ts';

/** The console's API over an estate whose events land, and the programs that have keys to it. */
export interface ConsoleApi {
  landed: LandedEstate;
  /** GET, or POST where there is a body. `client` is the name of one of the clients, or a key as it stands. */
  ask(client: string | undefined, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Like `ask`, where any other answer than 200 fails the test. */
  got<T>(client: string, path: string, body?: unknown): Promise<T>;
  /** Like `ask`, where any other answer than this refusal fails the test. */
  refused(client: string | undefined, path: string, status: number, body?: unknown): Promise<Problem>;
  acts(): ReturnType<Awaited<ReturnType<typeof openAudit>>['latest']>;
  /** An order that stopped because nobody has mapped its tax, once it can be seen. */
  stopped(order?: { levy?: string }): Promise<{ id: string; key: string; levy: string }>;
  close(): Promise<void>;
}

interface ClientOptions {
  scopes: readonly ApiScope[];
  quotaPerMinute?: number;
  disabled?: boolean;
}

export async function startConsoleApi(clients: Readonly<Record<string, ClientOptions>>): Promise<ConsoleApi> {
  const landed = await startLandedEstate();
  const { nc, estate } = landed.estate;
  const keys = new Map<string, string>();
  const kv = await openBucket(nc, buckets.apiClients);
  for (const [id, { scopes, quotaPerMinute = 5_000, disabled = false }] of Object.entries(clients)) {
    const client = { id, name: id, scopes: [...scopes], quota_per_minute: quotaPerMinute, system: 'netsuite' };
    keys.set(id, (await createApiClient(kv, client, new Date())).key);
    if (!disabled) continue;
    const stored = await getJson(kv, id, apiClient);
    await compareAndSwap(kv, id, JSON.stringify({ ...stored?.value, disabled }), stored?.revision ?? 0);
  }
  const console = await createConsole({
    nats: nc,
    clickhouse: landed.store.clickhouse,
    estate,
    log: silentLog,
    metrics: createMetrics('console', { defaults: false }),
    bundle: await consoleBundle(),
  });
  const url = `http://127.0.0.1:${await console.listen(0)}`;
  let nextId = 770_000;

  const ask: ConsoleApi['ask'] = (client, path, body, headers = {}) =>
    fetch(`${url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(client === undefined ? {} : { authorization: `Bearer ${keys.get(client) ?? client}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const got = async <T>(client: string, path: string, body?: unknown): Promise<T> => {
    const answer = await ask(client, path, body);
    const text = await answer.text();
    expect(answer.status, `${path}: ${text}`).toBe(200);
    return JSON.parse(text) as T;
  };
  return {
    landed,
    ask,
    got,
    refused: async (client, path, status, body) => {
      const answer = await ask(client, path, body);
      expect(answer.status, path).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      return (await answer.json()) as Problem;
    },
    acts: async () => (await openAudit(nc, silentLog)).latest(500),
    stopped: async ({ levy: name } = {}) => {
      const id = ++nextId;
      const levy = name ?? `Levy ${id}`;
      const draft = orderDraft(landed.estate.simulator, { id });
      const lines = draft.lines.map((line) => ({
        ...line,
        taxes: line.taxes.map((tax) => ({ ...tax, title: levy })),
      }));
      const key = await landed.estate.placeOrder({ ...draft, lines });
      const events = await landed.estate.until(key, ({ status }) => status === 'quarantined');
      const caseId = events.find(({ status }) => status === 'quarantined')?.case_id ?? '';
      await landed.untilLanded();
      const reader = Object.keys(clients).find((one) => clients[one]?.scopes.includes('cases.read')) ?? '';
      await expect.poll(() => got<object>(reader, `/cases?state=all&q=${caseId}`)).toMatchObject({ total: 1 });
      return { id: caseId, key, levy };
    },
    close: async () => {
      await console.close();
      await landed.close();
    },
  };
}
