import type { FastifyReply, FastifyRequest } from 'fastify';
import { createBucket } from '../../bucket.ts';
import { sameSecret } from '../../sign.ts';
import { bearer, bodyText, field, type Refusal, type VendorApi, type VendorContext } from '../vendor.ts';
import { byHand, type ByHand } from './by-hand.ts';
import { createEvents } from './events.ts';
import { createPayouts, type Payouts } from './payouts.ts';
import { createRefunds, type StripeRefund } from './refunds.ts';
import { type Balance, balanceRoutes } from './balance.ts';
import {
  capture,
  createIntents,
  type Exchange,
  type Intent,
  intentResource,
  metadataOf,
  stripeError,
} from './intents.ts';

export interface StripeApi extends VendorApi {
  /** An authorised payment, as a customer's checkout leaves it; `amount` in minor units. */
  authorise(id: string, amount: number, currency: string): void;
  byHand: ByHand;
  /** The bank lets go of the money that it held, as it does a week after it was authorised. */
  expire(id: string): void;
  /** A customer's bank sends a refund back. */
  failRefund(id: string, reason: string): void;
  payouts: Payouts;
  /** From now on what is paid in a currency is settled in another one; in its own where no `exchange` is given. */
  settleIn(currency: string, exchange?: Exchange): void;
}

/** Payment intents with manual capture: create, read, capture (also in parts), cancel; idempotency keys replayed. */
export function createStripe(context: VendorContext): StripeApi {
  const intents = createIntents(context);
  const events = createEvents(context);
  const refunds = createRefunds(context, intents, events);
  const balance: Balance = {
    intents,
    refunds,
    adjustments: context.store.collection(`${context.system.id}.adjustments`),
    payouts: context.store.collection(`${context.system.id}.payouts`),
  };
  const key = context.setting('api_key');
  const bucket = createBucket(100, 100);
  let replays = 0;

  /** Runs an effect once per Idempotency-Key and answers the stored response to a repeat. */
  const once = (
    request: FastifyRequest,
    reply: FastifyReply,
    act: (form: URLSearchParams) => { status: number; body: unknown },
  ) => {
    const idempotencyKey = field(request.headers, 'idempotency-key');
    const fingerprint = `${request.method} ${request.url} ${bodyText(request)}`;
    const stored = idempotencyKey === '' ? undefined : intents.answers.get(idempotencyKey);
    if (stored !== undefined && stored.request !== fingerprint) {
      const message =
        'Keys for idempotent requests can only be used with the same parameters they were first used with.';
      return reply.code(400).send({ error: { message, type: 'idempotency_error' } });
    }
    if (stored !== undefined) {
      replays++;
      return reply
        .code(stored.status)
        .headers({ 'idempotent-replayed': 'true', 'idempotency-key': idempotencyKey })
        .type('application/json')
        .send(stored.body);
    }
    const { status, body } = act(new URLSearchParams(bodyText(request)));
    const text = JSON.stringify(body);
    if (idempotencyKey !== '') {
      intents.answers.put(idempotencyKey, { key: idempotencyKey, request: fingerprint, status, body: text });
      reply.header('idempotency-key', idempotencyKey);
    }
    return reply.code(status).header('request-id', `req_${context.nextId()}`).type('application/json').send(text);
  };
  const missing = (id: string): Refusal =>
    stripeError(404, 'invalid_request_error', 'resource_missing', `No such payment_intent: '${id}'`, {
      param: 'intent',
    });

  const cancel = (intent: Intent, reason: string | null) => {
    intent.status = 'canceled';
    intent.cancellationReason = reason;
    intents.save(intent);
    const resource = intentResource(intent);
    events.tell('payment_intent.canceled', resource);
    return resource;
  };

  return {
    byHand: byHand({ intents, refunds, events, cancel }),
    expire: (id) => {
      const intent = intents.find(id);
      if (intent?.status === 'requires_capture') cancel(intent, 'automatic');
    },
    failRefund: (id, reason) => refunds.fail(id, reason),
    payouts: createPayouts(context, balance, events),
    settleIn: (currency, exchange) =>
      void (exchange === undefined ? intents.exchanges.delete(currency) : intents.exchanges.set(currency, exchange)),
    authorise: (id, amount, currency) => void intents.create(id, amount, currency),
    authorised: (request) => sameSecret(bearer(request) || basicUser(request), key),
    limit: () => (bucket.take(1) ? undefined : refusals.throttled(1)),
    refusals,
    routes: (app) => {
      refunds.routes(app, once);
      balanceRoutes(app, balance);
      app.post('/v1/payment_intents', (request, reply) =>
        once(request, reply, (form) => {
          const amount = Number(form.get('amount'));
          const currency = form.get('currency') ?? '';
          if (!Number.isInteger(amount) || amount < 1 || currency === '')
            return stripeError(400, 'invalid_request_error', 'parameter_missing', 'Missing required param: amount.');
          return { status: 200, body: intentResource(intents.create(`pi_sim${context.nextId()}`, amount, currency)) };
        }),
      );
      app.get('/v1/payment_intents/:id', (request, reply) => {
        const id = field(request.params, 'id');
        const intent = intents.find(id);
        return intent === undefined ? reply.code(404).send(missing(id).body) : reply.send(intentResource(intent));
      });
      app.post('/v1/payment_intents/:id/capture', (request, reply) =>
        once(request, reply, (form) => {
          const id = field(request.params, 'id');
          const intent = intents.find(id);
          if (intent === undefined) return missing(id);
          const asked = form.get('amount_to_capture');
          return capture({ intents, events }, intent, {
            amount: asked === null ? undefined : Number(asked),
            final: form.get('final_capture') !== 'false',
            key: field(request.headers, 'idempotency-key'),
            metadata: metadataOf(form),
          });
        }),
      );
      app.post('/v1/payment_intents/:id/cancel', (request, reply) =>
        once(request, reply, (form) => {
          const id = field(request.params, 'id');
          const intent = intents.find(id);
          if (intent === undefined) return missing(id);
          if (intent.status !== 'requires_capture')
            return stripeError(
              400,
              'invalid_request_error',
              'payment_intent_unexpected_state',
              `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
            );
          return { status: 200, body: cancel(intent, form.get('cancellation_reason')) };
        }),
      );
    },
    state: () => ({
      intents: [...intents.all.values()].map(summarise),
      refunds: [...refunds.all.values()].map(summariseRefund),
      refused_refunds: refunds.refused,
      replayed_answers: replays,
    }),
    counts: () => {
      const total = {
        intents: intents.all.size,
        captures: 0,
        canceled: 0,
        refused_captures: 0,
        refunds: refunds.all.size,
        refused_refunds: refunds.refused,
        replayed_answers: replays,
      };
      for (const intent of intents.all.values()) {
        total.captures += intent.captures.length;
        total.canceled += intent.status === 'canceled' ? 1 : 0;
        total.refused_captures += intent.refusedCaptures;
      }
      return total;
    },
  };
}

const refusals = {
  unauthorised: (): Refusal => ({
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="Stripe"' },
    body: { error: { message: 'Invalid API Key provided', type: 'invalid_request_error' } },
  }),
  internal: () => stripeError(500, 'api_error', 'api_error', 'An unknown error occurred'),
  throttled: (seconds: number): Refusal => ({
    ...stripeError(429, 'invalid_request_error', 'rate_limit', 'Too many requests hit the API too quickly.'),
    headers: { 'retry-after': String(seconds), 'stripe-rate-limited-reason': 'global-rate' },
  }),
  unavailable: (seconds: number): Refusal => ({
    ...stripeError(503, 'api_error', 'api_error', 'Stripe is temporarily unavailable'),
    headers: { 'retry-after': String(seconds) },
  }),
};

/** Stripe takes the key as a bearer token or as the user of basic authentication. */
function basicUser(request: FastifyRequest): string {
  const header = request.headers.authorization ?? '';
  if (!header.startsWith('Basic ')) return '';
  return Buffer.from(header.slice(6), 'base64').toString().split(':')[0] ?? '';
}

function summarise(intent: Intent) {
  return {
    id: intent.id,
    amount: intent.amount,
    currency: intent.currency,
    captured: intent.captured,
    captures: intent.captures,
    status: intent.status,
    refused_captures: intent.refusedCaptures,
  };
}

const summariseRefund = ({ id, intent, amount, currency, metadata }: StripeRefund) => ({
  id,
  intent,
  amount,
  currency,
  return: metadata['return'] ?? '',
});
