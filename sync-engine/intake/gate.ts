import type {} from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiClient, ApiScope } from '#contracts/v1/channel-api.ts';
import type { ApiClients } from '#platform/http/api-clients.ts';
import type { IntakeLimits } from './limits.ts';
import { forbidden, type Refused, tooFast, unauthorised } from '#platform/http/problem.ts';

const MINUTE_MS = 60_000;

/** Requests that a client may send in a minute, those that are left of it, and when it begins anew. */
export interface Quota {
  limit: number;
  remaining: number;
  resetS: number;
}

/** Decides who may go on, and how fast, as early as can be told: for API clients before a body is read. */
export interface Gate {
  /** The client whose key the request carries. @throws Refused 401, 403 or 429. */
  admitClient(request: FastifyRequest, scope: ApiScope): Promise<ApiClient>;
  /** What is left of the quota of the client that sent it; undefined where no client was recognised. */
  quotaOf(request: FastifyRequest): Quota | undefined;
  /** Before the body of a webhook is read. @throws Refused 429 where this address sent too many wrong signatures. */
  admitWebhook(request: FastifyRequest, claimedSystem: string | undefined): Promise<void>;
  /** Counts a wrong signature against the address, then throws `refused`. */
  refuseWebhook(request: FastifyRequest, claimedSystem: string | undefined, refused: Refused): Promise<never>;
  /** After the signature was checked. @throws Refused 429 where this system sends more than agreed. */
  spendWebhook(request: FastifyRequest, system: string): Promise<void>;
}

/** Needs @fastify/rate-limit registered on `app`. Counts live in this process: each replica admits its share. */
export function createGate(app: FastifyInstance, clients: ApiClients, limits: IntakeLimits): Gate {
  const accounts = new WeakMap<FastifyRequest, { name: string; max: number }>();
  const quotas = new WeakMap<FastifyRequest, Quota>();
  const createCounter = () =>
    app.createRateLimit({
      timeWindow: MINUTE_MS,
      keyGenerator: (request) => accounts.get(request)?.name ?? request.ip,
      max: (request) => accounts.get(request)?.max ?? 0,
    });
  // Each counter remembers a bounded number of names: strangers' addresses must not push known senders out.
  const strangers = createCounter();
  const known = createCounter();

  /** Counts one request (or only looks). @returns seconds to wait where the account is used up, else 0. */
  const count = async (
    counter: ReturnType<typeof createCounter>,
    request: FastifyRequest,
    name: string,
    max: number,
    increment = true,
  ): Promise<number> => {
    accounts.set(request, { name, max });
    const used = await counter(request, { increment });
    if (used.isAllowed) return 0;
    if (counter === known && name.startsWith('client '))
      quotas.set(request, { limit: max, remaining: used.remaining, resetS: Math.max(0, used.ttlInSeconds) });
    return used.isExceeded || (!increment && used.remaining <= 0) ? Math.max(1, used.ttlInSeconds) : 0;
  };
  const failures = (request: FastifyRequest, system: string | undefined) => `failed ${request.ip} ${system ?? ''}`;

  const refuseClient = async (request: FastifyRequest, detail: string): Promise<never> => {
    const wait = await count(strangers, request, failures(request, undefined), limits.failuresPerMinute);
    if (wait > 0) throw tooFast('Too many requests without a valid API key came from this address.', wait);
    throw unauthorised(detail);
  };

  return {
    admitClient: async (request, scope) => {
      const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
      if (key === undefined) return refuseClient(request, 'Send the key as "Authorization: Bearer <id>.<secret>".');
      const client = clients.authenticate(key);
      if (client === undefined) return refuseClient(request, 'The API key is unknown, wrong or disabled.');
      const wait = await count(known, request, `client ${client.id}`, client.quota_per_minute);
      if (wait > 0) throw tooFast(`"${client.id}" may send ${client.quota_per_minute} requests a minute.`, wait);
      if (!client.scopes.includes(scope)) throw forbidden(scope);
      return client;
    },
    quotaOf: (request) => quotas.get(request),
    admitWebhook: async (request, claimedSystem) => {
      const wait = await count(
        strangers,
        request,
        failures(request, claimedSystem ?? '?'),
        limits.failuresPerMinute,
        false,
      );
      if (wait > 0) throw tooFast('Too many webhooks with a wrong signature came from this address.', wait);
    },
    refuseWebhook: async (request, claimedSystem, refused) => {
      await count(strangers, request, failures(request, claimedSystem ?? '?'), limits.failuresPerMinute);
      throw refused;
    },
    spendWebhook: async (request, system) => {
      const wait = await count(known, request, `system ${system}`, limits.webhooksPerMinute);
      if (wait > 0) throw tooFast(`"${system}" may send ${limits.webhooksPerMinute} webhooks a minute.`, wait);
    },
  };
}
