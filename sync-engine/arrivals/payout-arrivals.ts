import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { PayoutNotice, TopicOf } from '../connectors/topics.ts';
import { messageData, PAYMENT_MESSAGE, startMessage } from '../flows/message.ts';
import {
  emptyPayoutData,
  type PayoutData,
  type PayoutEnv,
  payoutKey,
  payoutName,
} from '../flows/payout/payout-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { Head } from '../flows/state.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';
import { readArrival } from './read-arrival.ts';

type PayoutMeaning = 'payout' | 'payout_notice';

export interface PayoutArrivalsOptions {
  runner: Runner<PayoutData, PayoutEnv>;
  estate: Estate;
  transactions: Pick<TransactionLog, 'reload'>;
  topicOf: (system: string, topic: string) => TopicOf<'payout_notice'> | undefined;
}

/** Payouts: one is one transaction, by its system's own number, however often it is told of. */
export class PayoutArrivals implements ArrivalHandler<PayoutMeaning> {
  readonly means = ['payout', 'payout_notice'] as const;
  readonly #options: PayoutArrivalsOptions;

  constructor(options: PayoutArrivalsOptions) {
    this.#options = options;
  }

  async apply(arrival: Arrival, topic: TopicOf<PayoutMeaning>): Promise<Applied> {
    if (topic.means === 'payout_notice') return this.#notice(arrival, topic);
    const read = readArrival(arrival, topic, this.#options.estate);
    await this.#start(arrival, 'problems' in read ? undefined : payoutName(read.message.payout_id));
    return 'applied';
  }

  /** What cannot be read is a transaction all the same: it stops with a case that says why. */
  async setAside(arrival: Arrival): Promise<void> {
    const { runner, topicOf } = this.#options;
    const topic = topicOf(arrival.headers['syncline-system'], arrival.headers['syncline-topic']);
    if (topic === undefined) return this.#start(arrival);
    const read = readArrival(arrival, topic, this.#options.estate);
    const data = emptyPayoutData(messageData(arrival));
    if ('problems' in read) return startMessage(runner, PAYMENT_MESSAGE, arrival, data);
    const { payoutId, state, total: amount, currency, at } = read.message;
    return startMessage(runner, PAYMENT_MESSAGE, arrival, data, {
      name: payoutName(payoutId, state),
      dimensions: { business_key: `payout ${payoutId}`, amount, currency, occurred_at: at },
    });
  }

  async #notice(arrival: Arrival, topic: TopicOf<'payout_notice'>): Promise<Applied> {
    const read = readArrival(arrival, topic, this.#options.estate);
    if ('problems' in read) return { problems: atLeastOne(read.problems) };
    const notice = read.message;
    if (notice.state === 'failed') return { problems: [await this.#failed(arrival, notice)] };
    if (notice.state === 'announced') return 'applied';
    if (!notice.itemised) return { problems: [byHand(notice)] };
    const { payoutId, total, currency, at } = notice;
    const system = arrival.headers['syncline-system'];
    const listing = { payoutId, total, currency, at, system, page: [], kept: [], rows: 0, cursor: '' };
    const data = { ...emptyPayoutData(messageData(arrival)), listing };
    await startMessage(this.#options.runner, 'list_payout', arrival, data, {
      name: payoutName(payoutId),
      dimensions: { business_key: `payout ${payoutId}`, amount: total, currency, occurred_at: at },
    });
    return 'applied';
  }

  async #failed({ headers }: Arrival, { payoutId, ...notice }: PayoutNotice): Promise<CaseProblem> {
    const key = payoutKey(headers['syncline-system'], payoutId);
    const head = await this.#options.transactions.reload<PayoutData>('marketplace_settlement', key);
    return problemOf(
      'payout_failed',
      '/data/object/status',
      `The payout ${payoutId} of ${notice.total} ${notice.currency} failed (${notice.reason}): the bank has not got the money. ${bookedOf(head, payoutName(payoutId))} Correct the bank account, and discard this case.`,
    );
  }

  #start(arrival: Arrival, name?: string): Promise<void> {
    const data = emptyPayoutData(messageData(arrival));
    return startMessage(this.#options.runner, 'read_payout', arrival, data, name === undefined ? {} : { name });
  }
}

/**
 * What is booked of a payout that failed. Its journal asks for the failure right before it is posted, and the failure is
 * durable before this is: what has not begun by now never will.
 */
function bookedOf(head: Head<PayoutData> | undefined, name: string): string {
  if (head === undefined) return 'Nothing of it is booked, nor will be.';
  const { step, running, may_exist, data } = head.state;
  const back = 'move its cash back to the clearing account, since a later payout brings it again';
  if (data.journal.number !== '') return `Its journal ${data.journal.number} is posted: ${back}.`;
  if (step !== 'close_payout' && running === undefined && may_exist !== true)
    return 'Its journal is not posted, and will not be.';
  return `Whether its journal was posted before is for its own transaction (${name}) to find out, which posts none any more: where that stops with payout_failed there is none; where it ends with the number of a document, ${back}.`;
}

const problemOf = (error_code: string, path: string, message: string): CaseProblem => ({
  ...{ error_class: 'conflict', error_code, path, document: 'received', message },
});

const byHand = ({ payoutId, total, currency }: PayoutNotice): CaseProblem =>
  problemOf(
    'payout_not_itemised',
    '/data/object/reconciliation_status',
    `The payout ${payoutId} of ${total} ${currency} was asked for by hand, so that nobody says which payments are in it. Book it by hand and discard this case.`,
  );
