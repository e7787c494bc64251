import type { z } from 'zod';
import { Decimal, fromMinorUnits, sumAmounts } from '../../money.ts';
import type { PaymentNews } from '../payment-news.ts';
import type { TopicOf } from '../topics.ts';
import { chargeEvent, intentEvent, refundEvent, type StripeEvent } from './event.ts';
import { instantOf, readEvent } from './read-event.ts';

type Intent = z.infer<typeof intentEvent>;
type Charge = z.infer<typeof chargeEvent>;
type Refund = z.infer<typeof refundEvent>;

const amountOf = (minor: string, currency: string) => ({
  amount: fromMinorUnits(minor, currency.toUpperCase()),
  currency: currency.toUpperCase(),
});

const topic = <Event extends StripeEvent>(
  schema: z.ZodType<Event>,
  messageOf: (event: Event) => PaymentNews,
): TopicOf<'payment'> => ({
  means: 'payment',
  read: readEvent(schema, messageOf),
  payload: { schema, numbers: 'as_text' },
});

/** Every capture of ours left its mark on the intent, with its amount, by the very call that captured. */
function taken({ created, data: { object } }: Intent): PaymentNews {
  const marks = Object.entries(object.metadata ?? {}).filter(([name]) => /^capture_[0-9a-f]{32}$/.test(name));
  const amounts = marks.map(([, amount]) => amount).filter((amount) => /^\d{1,12}(\.\d{1,4})?$/.test(amount));
  return {
    news: 'taken',
    payment: object.id,
    ...amountOf(object.amount_received, object.currency),
    ours: sumAmounts(amounts),
    at: instantOf(created),
    path: '/data/object/amount_received',
  };
}

/** Did a charge hold the money? Without one nobody tried to pay. */
const wasCharged = ({ latest_charge, charges }: Intent['data']['object']): boolean =>
  latest_charge == null ? (charges?.data ?? []).some(({ status }) => status !== 'failed') : true;

const released = ({ created, data: { object } }: Intent): PaymentNews => ({
  news: 'released',
  payment: object.id,
  reason: object.cancellation_reason ?? 'no reason told',
  authorised: wasCharged(object) && object.last_payment_error == null,
  at: instantOf(created),
  path: '/data/object/id',
});

/**
 * Ways to pay that tell only days later whether they went through, so that orders are placed on them before. Source:
 * docs.stripe.com/payments/payment-methods/payment-method-support (delayed notification).
 */
const PAID_LATER = new Set([
  ...[
    'acss_debit',
    'au_becs_debit',
    'bacs_debit',
    'boleto',
    'customer_balance',
    'konbini',
    'multibanco',
    'nz_bank_account',
  ],
  ...['oxxo', 'sepa_debit', 'sofort', 'us_bank_account'],
]);

const failed = ({ created, data: { object } }: Intent): PaymentNews => {
  const { decline_code, code, message, payment_method } = object.last_payment_error ?? {};
  return {
    news: 'failed',
    payment: object.id,
    reason: decline_code ?? code ?? message ?? 'no reason told',
    promised: PAID_LATER.has(payment_method?.type ?? ''),
    at: instantOf(created),
    path: '/data/object/id',
  };
};

/** An intent tells of its charges itself, with our marks, which they lack. */
function charged({ created, data: { object } }: Charge): PaymentNews {
  const { amount, currency } = amountOf(object.amount_captured, object.currency);
  if (object.payment_intent != null || new Decimal(amount).isZero()) return { news: 'nothing' };
  const at = instantOf(created);
  return {
    news: 'taken',
    payment: object.id,
    amount,
    ours: '0.00',
    currency,
    at,
    path: '/data/object/amount_captured',
  };
}

function chargeFailed({ created, data: { object } }: Charge): PaymentNews {
  if (object.payment_intent != null) return { news: 'nothing' };
  const reason = object.failure_code ?? object.failure_message ?? 'no reason told';
  const promised = PAID_LATER.has(object.payment_method_details?.type ?? '');
  return { news: 'failed', payment: object.id, reason, promised, at: instantOf(created), path: '/data/object/id' };
}

function refunded({ created, data: { object } }: Refund): PaymentNews {
  const refundKey = object.metadata?.['syncline_refund'];
  const about = {
    payment: object.payment_intent ?? object.charge ?? '',
    refund: object.id,
    ...(refundKey === undefined ? {} : { refundKey }),
    ...amountOf(object.amount, object.currency),
    at: instantOf(created),
    path: '/data/object/id',
  };
  if (object.status === 'failed' || object.status === 'canceled')
    return { news: 'refund_failed', ...about, reason: object.failure_reason ?? object.status };
  return { news: 'refunded', ...about };
}

const refundTopic = topic(refundEvent, refunded);
const takenTopic = topic(intentEvent, taken);

/** Source of the types: docs.stripe.com/api/events/types. */
export const paymentTopics = {
  'payment_intent.succeeded': takenTopic,
  'payment_intent.amount_capturable_updated': takenTopic,
  'payment_intent.canceled': topic(intentEvent, released),
  'payment_intent.payment_failed': topic(intentEvent, failed),
  'charge.captured': topic(chargeEvent, charged),
  'charge.failed': topic(chargeEvent, chargeFailed),
  // Each refund tells of itself, with its key, which its charge lacks.
  'charge.refunded': topic(chargeEvent, () => ({ news: 'nothing' })),
  'charge.refund.updated': refundTopic,
  'refund.created': refundTopic,
  'refund.updated': refundTopic,
  'refund.failed': refundTopic,
};
