import { Agent } from 'undici';
import { networkCode, parseRetryAfter } from '../connectors/transport/classify.ts';
import { endpointProblem, type EndpointPolicy, guardedLookup, PRIVATE_ADDRESS } from './endpoint.ts';
import { signatureHeaders } from './sign.ts';

export interface Message {
  /** Id of the event, the same on every attempt. */
  id: string;
  /** Text of the CloudEvent. */
  body: string;
}

/** What an endpoint made of one attempt. */
export interface Attempted {
  ok: boolean;
  /** 0 where no answer came. */
  status: number;
  /** Empty where it took the message. */
  errorCode: string;
  durationMs: number;
  retryAfterMs?: number;
}

/** Speaks to endpoints. */
export interface Sender {
  send(url: string, secrets: readonly string[], message: Message): Promise<Attempted>;
  close(): Promise<void>;
}

/** Standard Webhooks: an endpoint has 15 to 30 seconds. */
const TIMEOUT_MS = 15_000;
const CONNECT_MS = 5_000;
/** Nobody reads what an endpoint says; more than this is not even taken. */
const MOST_ANSWER_BYTES = 65_536;

export function createSender(policy: EndpointPolicy, now: () => Date, timeoutMs = TIMEOUT_MS): Sender {
  const agent = new Agent({
    connect: { lookup: guardedLookup(policy), timeout: CONNECT_MS },
    connections: 8,
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function attempt(url: string, secrets: readonly string[], { id, body }: Message) {
    const { origin, pathname, search } = new URL(url);
    // Redirects are not followed: where they lead nobody has allowed.
    const answer = await agent.request({
      origin,
      path: `${pathname}${search}`,
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'syncline',
        ...signatureHeaders(secrets, id, now(), body),
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body.dump({ limit: MOST_ANSWER_BYTES });
    return answer;
  }

  return {
    async send(url, secrets, message) {
      const began = performance.now();
      const tookMs = () => Math.round(performance.now() - began);
      if (endpointProblem(url, policy) !== undefined)
        return { ok: false, status: 0, errorCode: PRIVATE_ADDRESS, durationMs: 0 };
      try {
        const { statusCode, headers } = await attempt(url, secrets, message);
        const ok = statusCode >= 200 && statusCode < 300;
        const asked = headers['retry-after'];
        const retryAfterMs = parseRetryAfter(Array.isArray(asked) ? asked[0] : asked, now().getTime());
        return {
          ok,
          status: statusCode,
          errorCode: ok ? '' : `HTTP_${statusCode}`,
          durationMs: tookMs(),
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        };
      } catch (error) {
        const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
        const errorCode = timedOut ? 'TIMEOUT' : networkCode(error) || 'NO_ANSWER';
        return { ok: false, status: 0, errorCode: errorCode.slice(0, 100), durationMs: tookMs() };
      }
    },
    close: () => agent.close(),
  };
}
