import type { System } from '#contracts/v1/estate.ts';
import type { Answer, CallContext, Secrets, Transport } from '../connector.ts';
import { readBody, refusalOf } from '../transport/answer.ts';
import { credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { jsonCall } from '../transport/json-call.ts';
import { restrictedAnswer, tokenAnswer } from './contract.ts';

/** Tokens are renewed this long before they expire, so that none expires on its way. */
const SPARE_MS = 60_000;
const LOGIN = 'https://api.amazon.com/auth/o2/token';

/** Access tokens of one seller: fetched when first needed, kept until they expire. */
export interface Tokens {
  access(context: CallContext): Promise<string>;
  /** One that also opens the buyers' addresses in the list of orders. */
  restricted(context: CallContext): Promise<string>;
  /** Amazon no longer takes what it gave: the next one is fetched anew. */
  forget(): void;
  close(): Promise<void>;
}

interface Token {
  value: string;
  /** Milliseconds of a clock that never jumps. */
  until: number;
}

/** @param ask sends a call to the API itself, with the access token given. */
export function openTokens(
  system: System,
  secrets: Secrets,
  ask: (call: ReturnType<typeof jsonCall>, token: string, context: CallContext) => Promise<Answer>,
  now: () => number = () => performance.now(),
): Tokens {
  const client = {
    refresh_token: credential(system, 'refresh_token', secrets),
    client_id: credential(system, 'client_id', secrets),
    client_secret: credential(system, 'client_secret', secrets),
  };
  const login: Transport = openHttpTransport(
    { ...system, base_url: system.settings['token_url'] ?? LOGIN },
    () => ({}),
  );
  const kept = keeper(now);

  const access = (context: CallContext) =>
    kept.get('access', async () => {
      const answer = await login.send(
        {
          method: 'POST',
          path: '',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ grant_type: 'refresh_token', ...client }).toString(),
        },
        context,
      );
      const { access_token, expires_in } = readBody(succeeded(answer), tokenAnswer, 'The answer of Login with Amazon');
      return { value: access_token, seconds: Number(expires_in) };
    });

  return {
    access,
    restricted: (context) =>
      kept.get('restricted', async () => {
        const call = jsonCall('POST', '/tokens/2021-03-01/restrictedDataToken', {
          restrictedResources: [{ method: 'GET', path: '/orders/v0/orders', dataElements: ['shippingAddress'] }],
        });
        const answer = succeeded(await ask(call, await access(context), context));
        const { restrictedDataToken, expiresIn } = readBody(answer, restrictedAnswer, "Amazon's restricted token");
        return { value: restrictedDataToken, seconds: Number(expiresIn) };
      }),
    forget: kept.forget,
    close: () => login.close(),
  };
}

/** Those who need the same token at the same time wait for one call. */
function keeper(now: () => number) {
  const tokens = new Map<string, Promise<Token>>();
  return {
    get: async (name: string, fetchToken: () => Promise<{ value: string; seconds: number }>): Promise<string> => {
      const known = tokens.get(name);
      if (known !== undefined) {
        const token = await known;
        if (token.until > now()) return token.value;
        if (tokens.get(name) === known) tokens.delete(name);
      }
      const fetching =
        tokens.get(name) ??
        fetchToken().then(({ value, seconds }) => ({ value, until: now() + Math.max(0, seconds * 1000 - SPARE_MS) }));
      tokens.set(name, fetching);
      try {
        return (await fetching).value;
      } catch (error) {
        if (tokens.get(name) === fetching) tokens.delete(name);
        throw error;
      }
    },
    forget: () => tokens.clear(),
  };
}

/** @throws ConnectorError where the answer is none. */
function succeeded(answer: Answer): Answer {
  // What Login with Amazon says beside its code may repeat what was sent to it.
  const error = refusalOf(answer, () => ({
    code: `TOKEN_${answer.status}`,
    message: `Amazon gave no access token (status ${answer.status}). Check the client id, its secret and the refresh token.`,
  }));
  if (error !== undefined) throw error;
  return answer;
}
