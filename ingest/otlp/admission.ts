import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiClients } from '#platform/http/api-clients.ts';
import { forbidden, tooFast, unauthorised } from '#platform/http/problem.ts';

const SCOPE = 'steps.write';
/** Requests without a valid key that one address may send in a minute. */
const FAILURES_PER_MINUTE = 120;

/** Who sends spans. */
export interface Sender {
  id: string;
  /** The only one whose transactions it may tell of; undefined where everybody is admitted. */
  system?: string;
}

/** Who sends a request, decided before its body is read. @throws Refused 401, 403 or 429 */
export type Admit = (request: FastifyRequest) => Promise<Sender>;

/** @param clients undefined where the operator has chosen to admit everybody */
export async function createAdmission(app: FastifyInstance, clients: ApiClients | undefined): Promise<Admit> {
  if (clients === undefined) return async () => ({ id: 'anonymous' });
  await app.register(rateLimit, { global: false });
  const quotas = new WeakMap<FastifyRequest, number>();
  const strangers = app.createRateLimit({
    timeWindow: 60_000,
    keyGenerator: ({ ip }) => ip,
    max: FAILURES_PER_MINUTE,
  });
  const known = app.createRateLimit({
    timeWindow: 60_000,
    keyGenerator: (request) => clientIdOf(request),
    max: (request) => quotas.get(request) ?? 0,
  });
  return async (request) => {
    const client = clients.authenticate(keyOf(request));
    if (client === undefined) {
      const used = await strangers(request);
      if (!used.isAllowed && used.isExceeded)
        throw tooFast('Too many requests without a valid API key came from this address.', used.ttlInSeconds);
      throw unauthorised('Send a valid key as "Authorization: Bearer <id>.<secret>".');
    }
    quotas.set(request, client.quota_per_minute);
    const used = await known(request);
    if (!used.isAllowed && used.isExceeded)
      throw tooFast(`"${client.id}" may send ${client.quota_per_minute} requests a minute.`, used.ttlInSeconds);
    if (!client.scopes.includes(SCOPE)) throw forbidden(SCOPE);
    return { id: client.id, system: client.system };
  };
}

const keyOf = ({ headers }: FastifyRequest): string => /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
const clientIdOf = (request: FastifyRequest): string => keyOf(request).split('.')[0] ?? '';
