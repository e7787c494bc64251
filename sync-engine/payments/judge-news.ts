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

/** `early`: the order may be on its way still. */
export type Judgement = { agrees: true } | { superseded: string } | { problem: CaseProblem; early?: boolean };

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
      return known?.awaited === true ? contradicts(news.path, ...released(news, known)) : AGREES;
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
  if (known === undefined)
    return {
      ...contradicts(
        path,
        'payment_unknown',
        `${told}, which no order refers to. Once its order has come, replay; if it is none of ours, discard this case.`,
      ),
      early: true,
    };
  const believed = Decimal.max(known.taken, ours);
  if (currency === known.currency && believed.gte(amount)) return AGREES;
  return contradicts(
    path,
    'capture_unknown',
    `${told} of order ${known.orderNumber}, of which Syncline took ${believed.toFixed(2)} ${known.currency}. If it was taken by hand for what shipped, tell finance to book it; if not, refund it there. Then discard this case.`,
  );
}

const released = ({ payment, reason }: News<'released'>, { orderNumber }: KnownPayment) =>
  [
    'authorisation_lost',
    `The authorisation ${payment} of order ${orderNumber} was given up (${reason}) before everything was taken of it. Ask the customer to pay anew or cancel the order, then discard this case.`,
  ] as const;

function judgeFailed({ payment, reason, at, path }: News<'failed'>, known: KnownPayment | undefined): Judgement {
  if (known === undefined || new Decimal(known.taken).isZero()) return AGREES;
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
  const booked = known?.refunds.find(({ key }) => key === news.refundKey);
  // What somebody else wanted to give back was not given: nothing we believe is wrong.
  if (known === undefined || booked === undefined) return AGREES;
  return contradicts(
    news.path,
    'refund_failed',
    `The refund ${news.refund} of ${news.amount} ${news.currency} for the return ${booked.returnNumber} of order ${known.orderNumber} failed after it was made (${news.reason}): the customer has not got the money. Give it back another way, then discard this case.`,
  );
}

const contradicts = (path: string, error_code: string, message: string) => ({
  problem: {
    error_class: error_code === 'payment_unknown' ? 'reference' : 'conflict',
    error_code,
    path,
    document: 'received',
    message,
  } satisfies CaseProblem,
});
