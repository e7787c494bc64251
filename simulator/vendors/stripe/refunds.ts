import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Collection } from '../../store.ts';
import { field, type VendorContext } from '../vendor.ts';
import type { Events } from './events.ts';
import { chargeResource, type Exchange, type Intent, type Intents, metadataOf, stripeError } from './intents.ts';

export interface StripeRefund {
  id: string;
  intent: string;
  charge: string;
  /** In minor units. */
  amount: number;
  currency: string;
  reason: string | null;
  metadata: Record<string, string>;
  created: number;
  exchange?: Exchange;
  /** Why the bank sent it back, and when, in seconds; absent while it did not. */
  failed?: { reason: string; at: number };
}

export interface Refunds {
  all: Collection<StripeRefund>;
  /** Refunds that asked for more than was left: duplicates that were prevented here. */
  readonly refused: number;
  create(form: URLSearchParams): { status: number; body: unknown };
  /** The customer's bank sends a refund back, days after it was made: the money is in the balance again. */
  fail(id: string, reason: string): void;
  routes(app: FastifyInstance, once: Once): void;
}

type Once = (
  request: FastifyRequest,
  reply: FastifyReply,
  act: (form: URLSearchParams) => { status: number; body: unknown },
) => FastifyReply;

/** Refunds of captured intents: created with a form, read alone and as the list of an intent. */
export function createRefunds(context: VendorContext, intents: Intents, events: Events): Refunds {
  const all = context.store.collection<StripeRefund>(`${context.system.id}.refunds`);
  let refused = 0;

  const given = (intent: Intent): number =>
    [...all.values()].reduce(
      (sum, one) => (one.intent === intent.id && one.failed === undefined ? sum + one.amount : sum),
      0,
    );

  const create: Refunds['create'] = (form) => {
    const intentId = form.get('payment_intent') ?? '';
    const intent = intents.find(intentId);
    if (intent === undefined)
      return stripeError(404, 'invalid_request_error', 'resource_missing', `No such payment_intent: '${intentId}'`, {
        param: 'payment_intent',
      });
    const left = intent.captured - given(intent);
    const amount = form.has('amount') ? Number(form.get('amount')) : left;
    if (intent.captured === 0)
      return stripeError(
        400,
        'invalid_request_error',
        'payment_intent_unexpected_state',
        `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
      );
    if (!Number.isInteger(amount) || amount < 1)
      return stripeError(400, 'invalid_request_error', 'parameter_invalid_integer', 'Invalid positive integer', {
        param: 'amount',
      });
    if (amount > left) {
      refused++;
      const charge = chargeOf(intent);
      return left === 0
        ? stripeError(
            400,
            'invalid_request_error',
            'charge_already_refunded',
            `Charge ${charge} has already been refunded.`,
          )
        : stripeError(
            400,
            'invalid_request_error',
            'amount_too_large',
            `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
            { param: 'amount' },
          );
    }
    const exchange = intents.exchanges.get(intent.currency);
    const refund: StripeRefund = {
      id: `re_sim${context.nextId()}`,
      intent: intent.id,
      charge: chargeOf(intent),
      amount,
      currency: intent.currency,
      reason: form.get('reason'),
      metadata: metadataOf(form),
      created: Math.floor(Date.now() / 1000),
      ...(exchange === undefined ? {} : { exchange }),
    };
    all.put(refund.id, refund);
    const resource = refundResource(refund);
    events.tell('refund.created', resource);
    const [taken] = intent.captures.slice(-1);
    if (taken !== undefined)
      events.tell('charge.refunded', { ...chargeResource(intent, taken), amount_refunded: amount });
    return { status: 200, body: resource };
  };

  return {
    all,
    get refused() {
      return refused;
    },
    create,
    fail: (id, reason) => {
      const refund = all.get(id);
      if (refund === undefined || refund.failed !== undefined) return;
      const failed = { ...refund, failed: { reason, at: Math.floor(Date.now() / 1000) } };
      all.put(id, failed);
      events.tell('refund.failed', refundResource(failed));
    },
    routes: (app, once) => {
      app.post('/v1/refunds', (request, reply) => once(request, reply, create));
      app.get('/v1/refunds/:id', (request, reply) => {
        const id = field(request.params, 'id');
        const refund = all.get(id);
        return refund === undefined
          ? reply
              .code(404)
              .send(stripeError(404, 'invalid_request_error', 'resource_missing', `No such refund: '${id}'`).body)
          : reply.send(refundResource(refund));
      });
      app.get('/v1/refunds', (request, reply) => {
        const intent = field(request.query, 'payment_intent');
        const limit = Math.min(100, Number(field(request.query, 'limit')) || 10);
        const after = field(request.query, 'starting_after');
        // Newest first, as Stripe lists.
        const own = [...all.values()].filter((one) => intent === '' || one.intent === intent).reverse();
        const from = after === '' ? 0 : own.findIndex(({ id }) => id === after) + 1;
        const data = own.slice(from, from + limit).map(refundResource);
        return reply.send({ object: 'list', url: '/v1/refunds', has_more: own.length > from + limit, data });
      });
    },
  };
}

const chargeOf = (intent: Intent): string => intent.captures.at(-1)?.chargeId ?? `ch_${intent.id.slice(3)}`;

/** The refund as Stripe answers it (docs.stripe.com/api/refunds/object). */
export function refundResource(refund: StripeRefund) {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: `txn_${refund.id.slice(3)}`,
    charge: refund.charge,
    created: refund.created,
    currency: refund.currency,
    destination_details: { card: { type: 'refund', reference_status: 'pending' }, type: 'card' },
    metadata: refund.metadata,
    payment_intent: refund.intent,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.failed === undefined ? 'succeeded' : 'failed',
    ...(refund.failed === undefined ? {} : { failure_reason: refund.failed.reason }),
    transfer_reversal: null,
  };
}
