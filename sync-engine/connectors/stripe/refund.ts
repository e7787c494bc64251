import type { ReturnServices } from '../services.ts';
import type { PreparedCall, Send } from '../connector.ts';
import { ConnectorError } from '../connector.ts';
import { readBody } from '../transport/answer.ts';
import { segment } from '../transport/json-call.ts';
import { refund, refundList, type StripeRefund } from './contract.ts';
import { minorUnits, refused } from './map.ts';

/** Refunds looked through per call: what Stripe gives at most. */
const PAGE = 100;

/**
 * Refunds of a payment intent. Beyond the day for which Stripe keeps an idempotency key, a refund is known by our key in
 * its metadata, which its list is searched for.
 */
export function refundPayment(
  post: (path: string, key: string, fields: Record<string, string>) => PreparedCall,
  versioned: Record<string, string>,
): ReturnServices['refund_payment'] {
  return {
    name: 'refund_payment',
    prepare: ({ reference, refundKey, returnNumber, amount, currency }) =>
      post('/v1/refunds', refundKey, {
        payment_intent: reference,
        amount: minorUnits(amount, currency),
        reason: 'requested_by_customer',
        'metadata[syncline_refund]': refundKey,
        'metadata[return]': returnNumber,
      }),
    read(answer) {
      const error = refused(answer);
      if (error !== undefined) throw error;
      return made(readBody(answer, refund, "Stripe's refund"));
    },
    async find({ reference, refundKey }, send) {
      for await (const one of refundsOf(reference, versioned, send))
        if (one.metadata?.['syncline_refund'] === refundKey && !hasFailed(one)) return { refundId: one.id };
      return undefined;
    },
  };
}

const hasFailed = ({ status }: StripeRefund): boolean => status === 'failed' || status === 'canceled';

function made(one: StripeRefund): { refundId: string } {
  if (!hasFailed(one)) return { refundId: one.id };
  throw new ConnectorError({
    errorClass: 'rejected',
    code: one.failure_reason ?? 'refund_failed',
    message: `Stripe could not give the money back (${one.failure_reason ?? one.status ?? 'no reason told'}).`,
    path: '/payments',
    retryable: false,
    mayHaveHappened: false,
  });
}

async function* refundsOf(
  reference: string,
  versioned: Record<string, string>,
  send: Send,
): AsyncGenerator<StripeRefund> {
  let after = '';
  for (;;) {
    const path = `/v1/refunds?payment_intent=${segment(reference)}&limit=${PAGE}${after === '' ? '' : `&starting_after=${segment(after)}`}`;
    const answer = await send({ method: 'GET', path, headers: versioned, body: '' });
    const error = refused(answer);
    if (error !== undefined) throw error;
    const { data, has_more } = readBody(answer, refundList, "Stripe's refunds");
    yield* data;
    const last = data.at(-1);
    if (has_more !== true || last === undefined) return;
    after = last.id;
  }
}
