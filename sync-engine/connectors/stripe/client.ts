import type { System } from '#contracts/v1/estate.ts';
import type { Answer, PreparedCall, Send } from '../connector.ts';
import type { PaymentServices, PayoutServices, ReconciliationServices, ReturnServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { segment } from '../transport/json-call.ts';
import { listBalance } from './balance.ts';
import { paymentIntent, type PaymentIntent } from './contract.ts';
import { captureMark, formBody, idempotencyKey, minorUnits, refused } from './map.ts';
import { listPayout } from './payout.ts';
import { refundPayment } from './refund.ts';

const intentPath = (reference: string) => `/v1/payment_intents/${segment(reference)}`;

/**
 * Stripe's payment services on payment intents authorised for manual (multi-)capture. Stripe keeps an idempotency key
 * for a day; beyond that the mark left in the intent's metadata, set by the very call that captures, tells exactly
 * whether a capture happened.
 */
export function stripeServices(
  system: System,
): PaymentServices &
  PayoutServices &
  Pick<ReturnServices, 'refund_payment'> &
  Pick<ReconciliationServices, 'list_balance'> {
  const version = system.settings['api_version'];
  const versioned: Record<string, string> = version === undefined ? {} : { 'stripe-version': version };

  const post = (path: string, key: string, fields: Record<string, string>): PreparedCall => ({
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': idempotencyKey(key),
      ...versioned,
    },
    body: formBody(fields),
  });
  const readIntent = (answer: Answer): PaymentIntent => {
    const error = refused(answer);
    if (error !== undefined) throw error;
    return readBody(answer, paymentIntent, "Stripe's payment intent");
  };
  const findIntent = async (reference: string, send: Send): Promise<PaymentIntent> =>
    readIntent(await send({ method: 'GET', path: intentPath(reference), headers: versioned, body: '' }));

  return {
    list_balance: listBalance(versioned),
    list_payout: listPayout(versioned),

    capture_payment: {
      name: 'capture_payment',
      prepare({ reference, captureKey, amount, currency, final }) {
        return post(`${intentPath(reference)}/capture`, captureKey, {
          amount_to_capture: minorUnits(amount, currency),
          final_capture: String(final),
          [`metadata[${captureMark(captureKey)}]`]: amount,
        });
      },
      read(answer) {
        const intent = readIntent(answer);
        return { captureId: intent.latest_charge ?? intent.id };
      },
      async find({ reference, captureKey }, send) {
        const intent = await findIntent(reference, send);
        const marked = Object.hasOwn(intent.metadata ?? {}, captureMark(captureKey));
        return marked ? { captureId: intent.latest_charge ?? intent.id } : undefined;
      },
    },

    refund_payment: refundPayment(post, versioned),

    void_authorization: {
      name: 'void_authorization',
      prepare: ({ reference, voidKey }) =>
        post(`${intentPath(reference)}/cancel`, voidKey, { cancellation_reason: 'requested_by_customer' }),
      read: (answer) => ({ voidId: readIntent(answer).id }),
      async find({ reference }, send) {
        const intent = await findIntent(reference, send);
        return intent.status === 'canceled' ? { voidId: intent.id } : undefined;
      },
    },
  };
}
