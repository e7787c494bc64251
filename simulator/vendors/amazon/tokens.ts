import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { sameSecret } from '../../sign.ts';
import { bodyText, field, jsonBody, listAt, refuse, type VendorContext } from '../vendor.ts';
import { spError } from './answers.ts';

const LIFETIME_S = 3600;

/** Access tokens that are good at the moment, and which of them open restricted data. */
export interface TokenDesk {
  kindOf(token: string): 'access' | 'restricted' | undefined;
  /** No token that was given is good any more. */
  revoke(): void;
  issued(): number;
  routes(app: FastifyInstance): void;
}

/** Login with Amazon and the Tokens API. */
export function createTokenDesk(context: VendorContext): TokenDesk {
  const expected = {
    client_id: context.setting('client_id'),
    client_secret: context.setting('client_secret'),
    refresh_token: context.setting('refresh_token'),
  };
  const good = new Map<string, { kind: 'access' | 'restricted'; until: number }>();
  let issued = 0;
  const issue = (kind: 'access' | 'restricted') => {
    const token = `${kind === 'access' ? 'Atza' : 'Atz.sprdt'}|${randomBytes(24).toString('base64url')}`;
    good.set(token, { kind, until: Date.now() + LIFETIME_S * 1000 });
    issued++;
    return token;
  };
  return {
    kindOf: (token) => {
      const known = good.get(token);
      if (known === undefined || known.until <= Date.now()) return undefined;
      return known.kind;
    },
    revoke: () => good.clear(),
    issued: () => issued,
    routes: (app) => {
      app.post('/auth/o2/token', (request, reply) => {
        const sent = new URLSearchParams(bodyText(request));
        if (sent.get('grant_type') !== 'refresh_token')
          return reply.code(400).send({ error: 'unsupported_grant_type', error_description: 'Unsupported grant type' });
        const right = (Object.keys(expected) as (keyof typeof expected)[]).every((name) =>
          sameSecret(sent.get(name) ?? '', expected[name]),
        );
        if (!right)
          return reply.code(401).send({ error: 'invalid_client', error_description: 'Client authentication failed' });
        return reply.send({
          access_token: issue('access'),
          refresh_token: expected.refresh_token,
          token_type: 'bearer',
          expires_in: LIFETIME_S,
        });
      });
      app.post('/tokens/2021-03-01/restrictedDataToken', (request, reply) => {
        const resources = listAt(jsonBody(request), 'restrictedResources');
        const known = resources.filter((one) => field(one, 'path').startsWith('/orders/v0/orders'));
        if (known.length === 0 || known.length < resources.length)
          return refuse(reply, spError(400, 'InvalidInput', 'Application does not have access to the resource.'));
        return reply.send({ restrictedDataToken: issue('restricted'), expiresIn: LIFETIME_S });
      });
    },
  };
}
