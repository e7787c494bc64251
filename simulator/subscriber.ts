import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Counts } from './inspection.ts';
import { sameSecret } from './sign.ts';
import type { Store } from './store.ts';
import { bodyText, field } from './vendors/vendor.ts';

/** A message that an endpoint took, by its `webhook-id`. */
export interface Taken {
  endpoint: string;
  id: string;
  type: string;
  subject: string;
  /** Attempts that carried a right signature and were taken. */
  times: number;
}

/** How an endpoint answers instead of taking what it is told. */
export interface Answer {
  status: number;
  retryAfterS?: number;
  /** So many times; without it, until it is told otherwise. */
  times?: number;
  /** That share of the messages; all of them unless said. */
  share?: number;
}

/** A partner of the retailer that is told of orders and stock by signed webhooks, at `/subscriber/<endpoint>`. */
export interface Subscriber {
  /** The endpoint believes what is signed with one of these (`whsec_…`). */
  trust(endpoint: string, secrets: readonly string[]): void;
  /** From now on it answers so; undefined lets it take messages again. */
  answer(endpoint: string, answer: Answer | undefined): void;
  /** The last 20,000 messages of all endpoints, as far as they are this one's. */
  taken(endpoint: string): Taken[];
  /** Calls `listener` with every message that an endpoint takes from now on, repeated ones too. */
  onTaken(listener: (message: Taken) => void): void;
  /** Resolves once it has taken so many different messages. */
  until(endpoint: string, count: number): Promise<Taken[]>;
  counts(): Counts;
}

const TOLERANCE_S = 300;
const KEPT = 20_000;

export function createSubscriber(app: FastifyInstance, store: Store): Subscriber {
  const messages = store.collection<Taken>('subscriber.messages', KEPT);
  const trusted = new Map<string, readonly string[]>();
  const answers = new Map<string, Answer>();
  const statuses = new Map<number, number>();
  const listeners: ((message: Taken) => void)[] = [];
  let waiting: { endpoint: string; count: number; resolve: (taken: Taken[]) => void }[] = [];
  const taken = (endpoint: string) => [...messages.values()].filter((one) => one.endpoint === endpoint);

  app.post('/subscriber/:endpoint', (request, reply) => {
    const endpoint = field(request.params, 'endpoint');
    const { retryAfterS } = answers.get(endpoint) ?? {};
    const status = receive(endpoint, request);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (retryAfterS !== undefined && status >= 400) void reply.header('retry-after', String(retryAfterS));
    return reply.code(status).send();
  });

  function receive(endpoint: string, request: FastifyRequest): number {
    const body = bodyText(request);
    const id = field(request.headers, 'webhook-id');
    if (!isSigned(trusted.get(endpoint) ?? [], id, request, body)) return 401;
    const answer = answers.get(endpoint);
    if (answer !== undefined && Math.random() < (answer.share ?? 1)) {
      const left = (answer.times ?? Infinity) - 1;
      if (left <= 0) answers.delete(endpoint);
      else answers.set(endpoint, { ...answer, times: left });
      return answer.status;
    }
    const { type, subject } = JSON.parse(body) as { type: string; subject: string };
    const key = `${endpoint} ${id}`;
    const message = { endpoint, id, type, subject, times: (messages.get(key)?.times ?? 0) + 1 };
    messages.put(key, message);
    for (const listener of listeners) listener(message);
    for (const one of waiting)
      if (one.endpoint === endpoint && taken(endpoint).length >= one.count) one.resolve(taken(endpoint));
    waiting = waiting.filter((one) => taken(one.endpoint).length < one.count);
    return 204;
  }

  return {
    trust: (endpoint, secrets) => void trusted.set(endpoint, secrets),
    answer: (endpoint, answer) =>
      void (answer === undefined ? answers.delete(endpoint) : answers.set(endpoint, answer)),
    taken,
    onTaken: (listener) => void listeners.push(listener),
    until: (endpoint, count) =>
      taken(endpoint).length >= count
        ? Promise.resolve(taken(endpoint))
        : new Promise((resolve) => waiting.push({ endpoint, count, resolve })),
    counts: () => ({
      messages: messages.size,
      repeats: [...messages.values()].reduce((sum, { times }) => sum + times - 1, 0),
      answers: Object.fromEntries(statuses),
    }),
  };
}

/** As a receiver does by Standard Webhooks: of recent time, and one of the signatures is right under one of its secrets. */
function isSigned(secrets: readonly string[], id: string, { headers }: FastifyRequest, body: string): boolean {
  const timestamp = field(headers, 'webhook-timestamp');
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (id === '' || !/^\d+$/.test(timestamp) || age > TOLERANCE_S) return false;
  const given = field(headers, 'webhook-signature').split(' ');
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const right = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    return given.some((one) => sameSecret(one, right));
  });
}
