import type { CaseProblem } from '#contracts/v1/case.ts';
import type { PaymentNews } from '../connectors/payment-news.ts';
import { Decimal } from '../money.ts';

/** What Syncline believes of the order that a payment belongs to, and of the payment. */
export interface KnownPayment {
  orderNumber: string;
  placedAt: string;
  currency: string;
  /** What was taken of the payment: at checkout and by captures of ours. */
  taken: string;
  /** Is something still to be taken of it? */
  awaited: boolean;
  /** Refunds that were decided on, by the keys they are made under. */
  refunds: readonly { key: string; returnNumber: string; amount: string }[];
}

/** `early`: the order may be on its way still; the judgement is what holds where none comes. */
export type Judgement =
  { agrees: true } | { superseded: string; early?: boolean } | { problem: CaseProblem; early?: boolean };

const AGREES: Judgement = { agrees: true };

/** Did captures of ours take all that was taken? */
export const isOurCapture = (news: PaymentNews): boolean =>
  news.news === 'taken' && new Decimal(news.amount).lte(news.ours);

/**
 * Does what a payment system tells agree with what Syncline believes? Our own captures bear our mark, and a refund's key is
 * booked before it is asked for, so that news which overtake our own answer are no contradiction. Pure.
 * @param known undefined where no order of ours refers to the payment.
 */
export function judgeNews(news: PaymentNews, known: KnownPayment | undefined): Judgement {
  switch (news.news) {
    case 'nothing':
      return AGREES;
    case 'taken':
      return judgeTaken(news, known);
    case 'released':
      return judgeReleased(news, known);
    case 'failed':
      return judgeFailed(news, known);
    case 'refunded':
      return judgeRefunded(news, known);
    case 'refund_failed':
      return judgeRefundFailed(news, known);
  }
}

type News<N extends PaymentNews['news']> = Extract<PaymentNews, { news: N }>;

function judgeTaken(news: News<'taken'>, known: KnownPayment | undefined): Judgement {
  const { payment, amount, ours, currency, path } = news;
  if (isOurCapture(news)) return AGREES;
  const told = `${amount} ${currency} was taken of the payment ${payment}`;
  if (known === undefined) return unknown(path, `${told}, which no order refers to.`);
  const believed = Decimal.max(known.taken, ours);
  if (currency === known.currency && believed.gte(amount)) return AGREES;
  return contradicts(
    path,
    'capture_unknown',
    `${told} of order ${known.orderNumber}, of which Syncline took ${believed.toFixed(2)} ${known.currency}. If it was taken by hand for what shipped, tell finance to book it; if not, refund it there. Then discard this case.`,
  );
}

function judgeReleased(news: News<'released'>, known: KnownPayment | undefined): Judgement {
  const { payment, reason, path, authorised } = news;
  if (known === undefined) {
    if (!authorised) return { superseded: 'Nothing was held of the payment, and no order refers to it.', early: true };
    return unknown(path, `The authorisation ${payment}, which no order refers to, was given up (${reason}).`);
  }
  if (!known.awaited) return AGREES;
  return contradicts(
    path,
    'authorisation_lost',
    `The authorisation ${payment} of order ${known.orderNumber} was given up (${reason}) before everything was taken of it. Ask the customer to pay anew or cancel the order, then discard this case.`,
  );
}

function judgeFailed(news: News<'failed'>, known: KnownPayment | undefined): Judgement {
  const { payment, reason, at, path, promised } = news;
  if (known === undefined) {
    if (!promised) return { superseded: 'The attempt failed at once, and no order was placed on it.', early: true };
    return unknown(path, `The payment ${payment}, which no order refers to, failed (${reason}).`);
  }
  if (new Decimal(known.taken).isZero()) return AGREES;
  if (at < known.placedAt) return { superseded: 'The attempt failed before the order was paid for and placed.' };
  return contradicts(
    path,
    'payment_failed',
    `The payment ${payment} of order ${known.orderNumber} failed (${reason}), and Syncline holds ${known.taken} ${known.currency} of it for taken. Ask the customer to pay anew or stop the order, then discard this case.`,
  );
}

function judgeRefunded(news: News<'refunded'>, known: KnownPayment | undefined): Judgement {
  const { refund, payment, amount, currency, path, refundKey } = news;
  const booked = known?.refunds.find(({ key }) => key === refundKey);
  const told = `${amount} ${currency} of the payment ${payment}${known === undefined ? '' : ` of order ${known.orderNumber}`}`;
  if (booked === undefined)
    return {
      ...contradicts(
        path,
        'refund_unknown',
        `${told} was given back as ${refund}, which Syncline did not ask for. If goods came back for it, credit it in the ERP by hand; then discard this case.`,
      ),
      ...(known === undefined ? { early: true } : {}),
    };
  if (known?.currency === currency && new Decimal(booked.amount).equals(amount)) return AGREES;
  return contradicts(
    path,
    'refund_differs',
    `${told} was given back as ${refund} for the return ${booked.returnNumber}, for which Syncline asked for ${booked.amount}. Correct the refund or the credit memo, then discard this case.`,
  );
}

function judgeRefundFailed(news: News<'refund_failed'>, known: KnownPayment | undefined): Judgement {
  const { refund, payment, amount, currency, reason, path, refundKey } = news;
  const told = (of: string) =>
    `The refund ${refund} of ${amount} ${currency} ${of} failed after it was made (${reason}): the customer has not got the money. Give it back another way, then discard this case.`;
  // What somebody else wanted to give back was not given: nothing we believe is wrong.
  if (refundKey === undefined) return AGREES;
  if (known === undefined)
    return {
      ...contradicts(path, 'refund_failed', told(`of the payment ${payment}, which no order refers to,`)),
      early: true,
    };
  const booked = known.refunds.find(({ key }) => key === refundKey);
  if (booked === undefined) return AGREES;
  return contradicts(
    path,
    'refund_failed',
    told(`for the return ${booked.returnNumber} of order ${known.orderNumber}`),
  );
}

/** Of a payment that no order has, and that should have one. */
const unknown = (path: string, told: string): Judgement => ({
  ...contradicts(
    path,
    'payment_unknown',
    `${told} Once its order has come, replay; if it is none of ours, discard this case.`,
  ),
  early: true,
});

const contradicts = (path: string, error_code: string, message: string) => ({
  problem: {
    error_class: error_code === 'payment_unknown' ? 'reference' : 'conflict',
    error_code,
    path,
    document: 'received',
    message,
  } satisfies CaseProblem,
});
