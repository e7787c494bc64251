import type { Collection } from '../../store.ts';
import type { Refusal, VendorContext } from '../vendor.ts';
import type { Events } from './events.ts';

/** The currency that a payment is settled in, where that is not its own, and what one unit of its own is in it. */
export interface Exchange {
  currency: string;
  rate: number;
}

export interface Intent {
  id: string;
  /** Null for an intent learnt of only by being asked about it. */
  amount: number | null;
  currency: string;
  captured: number;
  /** `created` in seconds; captures of an older estate have none. */
  captures: { chargeId: string; amount: number; key: string; created?: number; exchange?: Exchange }[];
  status: 'requires_capture' | 'succeeded' | 'canceled';
  cancellationReason: string | null;
  created: number;
  metadata: Record<string, string>;
  refusedCaptures: number;
}

/** A stored answer under its Idempotency-Key, replayed for the same request (stripe.com/docs/api/idempotent_requests). */
export interface StoredAnswer {
  key: string;
  request: string;
  status: number;
  body: string;
}

export interface Intents {
  all: Collection<Intent>;
  answers: Collection<StoredAnswer>;
  create(id: string, amount: number | null, currency: string): Intent;
  /** The intent, or one adopted on the spot: orders may be sent to the intake by hand. */
  find(id: string): Intent | undefined;
  save(intent: Intent): void;
  /** Into what each currency is exchanged at present, by its lower-case code. */
  exchanges: Map<string, Exchange>;
}

export function createIntents(context: VendorContext): Intents {
  const all = context.store.collection<Intent>(`${context.system.id}.intents`);
  const answers = context.store.collection<StoredAnswer>(`${context.system.id}.answers`);
  const create: Intents['create'] = (id, amount, currency) => {
    const intent: Intent = {
      id,
      amount,
      currency: currency.toLowerCase(),
      captured: 0,
      captures: [],
      status: 'requires_capture',
      cancellationReason: null,
      created: Math.floor(Date.now() / 1000),
      metadata: {},
      refusedCaptures: 0,
    };
    all.put(id, intent);
    return intent;
  };
  return {
    all,
    answers,
    create,
    find: (id) => all.get(id) ?? (/^pi_[A-Za-z0-9_]{1,100}$/.test(id) ? create(id, null, 'gbp') : undefined),
    save: (intent) => all.put(intent.id, intent),
    exchanges: new Map(),
  };
}

export const stripeError = (
  status: number,
  type: string,
  code: string,
  message: string,
  extra: object = {},
): Refusal => ({
  status,
  body: {
    error: {
      code,
      doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
      message,
      type,
      ...extra,
    },
  },
});

/** The intent as Stripe answers it (API version 2024-06-20), with the fields integrations read. */
export function intentResource(intent: Intent) {
  const amount = intent.amount ?? intent.captured;
  return {
    id: intent.id,
    object: 'payment_intent',
    amount,
    amount_capturable: intent.status === 'requires_capture' ? amount - intent.captured : 0,
    amount_received: intent.captured,
    canceled_at: intent.status === 'canceled' ? Math.floor(Date.now() / 1000) : null,
    cancellation_reason: intent.cancellationReason,
    capture_method: 'manual',
    client_secret: null,
    confirmation_method: 'automatic',
    created: intent.created,
    currency: intent.currency,
    customer: null,
    description: null,
    last_payment_error: null,
    latest_charge: intent.captures.at(-1)?.chargeId ?? `ch_${intent.id.slice(3)}`,
    livemode: false,
    metadata: intent.metadata,
    next_action: null,
    payment_method_types: ['card'],
    status: intent.status,
  };
}

/** The charge of one capture, with the fields integrations read (docs.stripe.com/api/charges/object). */
export function chargeResource(intent: Intent, { chargeId, amount, created }: Intent['captures'][number]) {
  return {
    id: chargeId,
    object: 'charge',
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    balance_transaction: `txn_${chargeId.slice(3)}`,
    captured: true,
    created: created ?? intent.created,
    currency: intent.currency,
    failure_code: null,
    failure_message: null,
    livemode: false,
    // What the intent had when the charge was made; captures leave their marks on the intent alone.
    metadata: {},
    paid: true,
    payment_intent: intent.id,
    refunded: false,
    status: 'succeeded',
  };
}

/** `metadata[name]=value` fields of a form. */
export function metadataOf(form: URLSearchParams): Record<string, string> {
  const fields = [...form].map(([name, value]) => [/^metadata\[(.+)\]$/.exec(name)?.[1] ?? '', value] as const);
  return Object.fromEntries(fields.filter(([name]) => name !== ''));
}

/** Captures all or part; with `final` what is left of the authorisation is released. */
export function capture(
  { intents, events }: { intents: Intents; events: Events },
  intent: Intent,
  wanted: { amount: number | undefined; final: boolean; key: string; metadata: Record<string, string> },
): { status: number; body: unknown } {
  const left = intent.amount === null ? Infinity : intent.amount - intent.captured;
  const amount = wanted.amount ?? left;
  if (intent.status !== 'requires_capture') {
    intent.refusedCaptures++;
    intents.save(intent);
    return stripeError(
      400,
      'invalid_request_error',
      'payment_intent_unexpected_state',
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      { payment_intent: intentResource(intent) },
    );
  }
  if (!Number.isInteger(amount) || amount < 1 || amount > left) {
    intent.refusedCaptures++;
    intents.save(intent);
    return stripeError(
      400,
      'invalid_request_error',
      'amount_too_large',
      'The amount to capture is greater than the remaining capturable amount.',
      { param: 'amount_to_capture' },
    );
  }
  Object.assign(intent.metadata, wanted.metadata);
  intent.captured += amount;
  const exchange = intents.exchanges.get(intent.currency);
  const taken = {
    chargeId: `ch_${intent.id.slice(3)}_${intent.captures.length + 1}`,
    amount,
    key: wanted.key,
    created: Math.floor(Date.now() / 1000),
    ...(exchange === undefined ? {} : { exchange }),
  };
  intent.captures.push(taken);
  if (wanted.final || intent.captured === intent.amount) intent.status = 'succeeded';
  intents.save(intent);
  const resource = intentResource(intent);
  events.tell(
    intent.status === 'succeeded' ? 'payment_intent.succeeded' : 'payment_intent.amount_capturable_updated',
    resource,
  );
  events.tell('charge.captured', chargeResource(intent, taken));
  return { status: 200, body: resource };
}
