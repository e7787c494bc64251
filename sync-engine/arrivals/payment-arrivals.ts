import type { Estate } from '#contracts/v1/estate.ts';
import type { PaymentNews } from '../connectors/payment-news.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { TopicOf } from '../connectors/topics.ts';
import { messageData, PAYMENT_MESSAGE, startMessage } from '../flows/message.ts';
import { emptyPayoutData, type PayoutData, type PayoutEnv } from '../flows/payout/payout-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { PaidOrder } from '../payments/known-payments.ts';
import { isOurCapture, judgeNews } from '../payments/judge-news.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';
import { readArrival } from './read-arrival.ts';

export interface PaymentArrivalsOptions {
  runner: Runner<PayoutData, PayoutEnv>;
  estate: Estate;
  /** The order that refers to a payment. */
  find(payment: string): Promise<PaidOrder | undefined>;
  topicOf: (system: string, topic: string) => TopicOf<'payment'> | undefined;
}

/**
 * What payment systems tell of captures, authorisations and refunds is held against what Syncline believes. What agrees
 * changes nothing; what overtook its order waits for it; what contradicts is a case, one for each thing that happened,
 * however often and in whichever order it is told.
 */
export class PaymentArrivals implements ArrivalHandler<'payment'> {
  readonly means = ['payment'] as const;
  readonly #options: PaymentArrivalsOptions;

  constructor(options: PaymentArrivalsOptions) {
    this.#options = options;
  }

  async apply(arrival: Arrival, topic: TopicOf<'payment'>, overdue: boolean): Promise<Applied> {
    const read = readArrival(arrival, topic, this.#options.estate);
    if ('problems' in read) return { problems: atLeastOne(read.problems) };
    const judged = judgeNews(read.message, (await this.#orderOf(read.message))?.payment);
    if ('agrees' in judged) return 'applied';
    if ('superseded' in judged) return judged.early === true && !overdue ? 'early' : judged;
    return { problems: [judged.problem], early: judged.early === true };
  }

  /** A case of the order, where one is known: that is whose money it is. */
  async setAside(arrival: Arrival): Promise<void> {
    const { runner, topicOf, estate } = this.#options;
    const topic = topicOf(arrival.headers['syncline-system'], arrival.headers['syncline-topic']);
    const read = topic === undefined ? undefined : readArrival(arrival, topic, estate);
    const data = emptyPayoutData(messageData(arrival));
    if (read === undefined || 'problems' in read || read.message.news === 'nothing')
      return startMessage(runner, PAYMENT_MESSAGE, arrival, data);
    const news = read.message;
    const order = await this.#orderOf(news);
    const money = 'amount' in news ? { amount: news.amount, currency: news.currency } : {};
    return startMessage(runner, PAYMENT_MESSAGE, arrival, data, {
      name: nameOf(news),
      dimensions: { business_key: news.payment, ...order?.dimensions, ...money, occurred_at: news.at },
    });
  }

  /** Most of what is told is of our own making, which needs no look-up. */
  async #orderOf(news: PaymentNews): Promise<PaidOrder | undefined> {
    return news.news === 'nothing' || isOurCapture(news) ? undefined : this.#options.find(news.payment);
  }
}

/** One thing that happened is one transaction. */
function nameOf(news: Exclude<PaymentNews, { news: 'nothing' }>): string {
  switch (news.news) {
    case 'taken':
      return `payment-${news.payment}-taken-${news.amount}`;
    case 'released':
    case 'failed':
      return `payment-${news.payment}-${news.news}`;
    case 'refunded':
      return `refund-${news.refund}`;
    case 'refund_failed':
      return `refund-${news.refund}-failed`;
  }
}
