import type { Request } from 'express';
import type { ApiClient, ApiScope } from '#contracts/v1/channel-api.ts';
import type { Audit } from '#platform/audit.ts';
import type { ApiClients } from '#platform/http/api-clients.ts';
import { forbidden, type Refused, tooFast, unauthorised } from '#platform/http/problem.ts';
import { createQuota } from './quota.ts';

/** Requests without a valid key, per address and minute; beyond it keys are not looked at. */
const FAILURES_PER_MINUTE = 120;

/** The client whose key the request carries, if it may do this now. Cookies count for nothing. @throws Refused 401, 403, 429 */
export type Gate = (request: Request, scope: ApiScope) => ApiClient;

/** Every refusal is audited; of a flood, the first in each minute. */
export function createGate({ clients, audit }: { clients: ApiClients; audit: Audit }): Gate {
  const known = createQuota();
  const strangers = createQuota();

  const refuse = (request: Request, refused: Refused, actor: string, scope: ApiScope): never => {
    audit.record({
      action: 'refused',
      actor,
      object_kind: 'permission',
      object_id: scope,
      outcome: refused.refusal.status === 429 ? 'refused' : 'forbidden',
      detail: { path: request.path.slice(0, 500), method: request.method, status: String(refused.refusal.status) },
      personal: { address: request.ip ?? '' },
    });
    throw refused;
  };

  const refuseStranger = (request: Request, scope: ApiScope, detail: string): never => {
    const { allowed, retryAfterS, firstRefused } = strangers.spend(request.ip ?? '', FAILURES_PER_MINUTE);
    if (allowed) return refuse(request, unauthorised(detail), '', scope);
    const refused = tooFast('Too many requests without a valid API key came from this address.', retryAfterS);
    if (firstRefused) return refuse(request, refused, '', scope);
    throw refused;
  };

  return (request, scope) => {
    const [, key] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
    if (key === undefined)
      return refuseStranger(request, scope, 'Send the key as "Authorization: Bearer <id>.<secret>".');
    const client = clients.authenticate(key);
    if (client === undefined) return refuseStranger(request, scope, 'The API key is unknown, wrong or disabled.');
    const actor = actorIdOf(client);
    const { allowed, retryAfterS, firstRefused } = known.spend(client.id, client.quota_per_minute);
    if (!allowed) {
      const refused = tooFast(`"${client.id}" may send ${client.quota_per_minute} requests a minute.`, retryAfterS);
      if (firstRefused) return refuse(request, refused, actor, scope);
      throw refused;
    }
    if (!client.scopes.includes(scope)) return refuse(request, forbidden(scope), actor, scope);
    return client;
  };
}

/** As audit, cases and repairs name an API client. */
export const actorIdOf = (client: Pick<ApiClient, 'id'>): string => `api:${client.id}`;
