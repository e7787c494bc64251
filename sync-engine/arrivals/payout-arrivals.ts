import type { Estate } from '#contracts/v1/estate.ts';
import type { TopicOf } from '../connectors/topics.ts';
import { messageData, startMessage } from '../flows/message.ts';
import { emptyPayoutData, type PayoutData, type PayoutEnv } from '../flows/payout/payout-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';

/** Payouts of marketplaces: one is one transaction, by the marketplace's own number, however often it is told of. */
export class PayoutArrivals implements ArrivalHandler<'payout'> {
  readonly means = ['payout'] as const;
  readonly #runner: Runner<PayoutData, PayoutEnv>;
  readonly #estate: Estate;

  constructor(runner: Runner<PayoutData, PayoutEnv>, estate: Estate) {
    this.#runner = runner;
    this.#estate = estate;
  }

  async apply(arrival: Arrival, topic: TopicOf<'payout'>): Promise<Applied> {
    const { headers, body } = arrival;
    const context = { estate: this.#estate, system: headers['syncline-system'], headers, mapping: () => undefined };
    const read = topic.read(body, context);
    await this.#start(arrival, 'problems' in read ? undefined : `payout-${read.message.payout_id}`);
    return 'applied';
  }

  /** What cannot be read is a transaction all the same: it stops with a case that says why. */
  setAside(arrival: Arrival): Promise<void> {
    return this.#start(arrival);
  }

  #start(arrival: Arrival, name?: string): Promise<void> {
    const data = emptyPayoutData(messageData(arrival));
    return startMessage(this.#runner, 'read_payout', arrival, data, name === undefined ? {} : { name });
  }
}
