import type { Estate } from '#contracts/v1/estate.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { ReturnMessage } from '../connectors/return-message.ts';
import type { TopicOf } from '../connectors/topics.ts';
import { messageData, startMessage } from '../flows/message.ts';
import { readReturn, supersededBecause } from '../flows/return/read-return.ts';
import { receiptSignal } from '../flows/return/receipt.ts';
import { emptyReturnData, returnName, type ReturnData, type ReturnEnv } from '../flows/return/return-data.ts';
import { RETURN_MESSAGE } from '../flows/return/return-flow.ts';
import { namedLines } from '../flows/return/rules/lines.ts';
import { unknownOrder } from '../flows/return/steps/authorise.ts';
import type { Runner } from '../flows/runner.ts';
import type { Identity } from '../identity.ts';
import { shortOf } from '../returns/return-book.ts';
import type { ReturnableOrder } from '../returns/returnable-orders.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';

type ReturnMeaning = 'return_request' | 'return_receipt';

export interface ReturnArrivalsOptions {
  runner: Runner<ReturnData, ReturnEnv>;
  estate: Estate;
  identity: Pick<Identity, 'claim'>;
}

/** Returns as they are asked for, and goods as they come in; each return is a transaction of its own. */
export class ReturnArrivals implements ArrivalHandler<ReturnMeaning> {
  readonly means = ['return_request', 'return_receipt'] as const;
  readonly #options: ReturnArrivalsOptions;

  constructor(options: ReturnArrivalsOptions) {
    this.#options = options;
  }

  async apply(arrival: Arrival, { means }: TopicOf<ReturnMeaning>, overdue: boolean): Promise<Applied> {
    const { runner, estate } = this.#options;
    const { env } = runner.flow;
    const read = readReturn(arrival, estate, env);
    if ('problems' in read) {
      if (means === 'return_receipt') return { problems: atLeastOne(read.problems) };
      // A request that cannot be read is a transaction all the same: it stops with a case that says why.
      return this.#begin(arrival);
    }
    const { message } = read;
    const superseded = await supersededBecause(message, env);
    if (superseded !== undefined) return { superseded };
    // The cancellation may be on its way. Where none comes, what had left is credited, and the rest is a case.
    if (message.cancels === true && !overdue) return 'early';
    const order = await env.orders.find(message.orderKey);
    if (!overdue && (order === undefined || (await this.#isAhead(arrival, order, message)))) return 'early';
    if (order === undefined)
      return means === 'return_receipt' ? { problems: [unknownOrder(message)] } : this.#begin(arrival, message);
    return means === 'return_receipt' ? this.#receive(arrival, message, overdue) : this.#begin(arrival, message);
  }

  setAside(arrival: Arrival): Promise<void> {
    return startMessage(this.#options.runner, RETURN_MESSAGE, arrival, emptyReturnData(messageData(arrival)), {
      name: `message-${arrival.seq}`,
    });
  }

  /**
   * Goods may be back before their order knows that they left or has taken their money: told at about the same time, or
   * read out of a backlog. What is to be given back can only be said afterwards.
   */
  async #isAhead({ headers }: Arrival, order: ReturnableOrder, message: ReturnMessage): Promise<boolean> {
    const { flow } = this.#options.runner;
    if (message.received === undefined || !order.underWay) return false;
    if (order.capturing) return true;
    const named = namedLines(order.order, message.lines);
    if ('problems' in named) return false;
    const booked = await flow.env.book.of(message.orderKey);
    const announced = booked.find(({ number }) => number === message.of);
    const key = announced?.key ?? transactionKey(headers['syncline-system'], returnName(message.number));
    const since = new Date(Date.now() - this.#options.estate.policies.return_receive_s * 1000);
    return shortOf({ key, lines: named.lines }, booked, order.shipped, since).length > 0;
  }

  /** Begins the return, unless it is known. */
  async #begin(arrival: Arrival, message?: ReturnMessage): Promise<'applied'> {
    const { runner, identity } = this.#options;
    const { headers, seq } = arrival;
    const name = message === undefined ? `intake-${seq}` : returnName(message.number);
    const key = transactionKey(headers['syncline-system'], name);
    const claimed = await identity.claim('return_to_refund', key, seq, headers['syncline-received-at']);
    if (claimed === 'known') return 'applied';
    await startMessage(runner, 'authorise', arrival, emptyReturnData(messageData(arrival)), {
      name,
      ...(message === undefined ? {} : { dimensions: { business_key: message.number, occurred_at: message.at } }),
    });
    return 'applied';
  }

  /** Goods belong to the return whose number they bear; without one they are a return that nobody announced. */
  async #receive(arrival: Arrival, message: ReturnMessage, overdue: boolean): Promise<Applied> {
    const { runner } = this.#options;
    const booked = await runner.flow.env.book.of(message.orderKey);
    const announced = message.of === undefined ? undefined : booked.find(({ number }) => number === message.of);
    if (announced === undefined)
      // The announcement may be on its way: the two are told at the same time and travel apart.
      return message.of !== undefined && !overdue ? 'early' : this.#begin(arrival, message);
    const system = arrival.headers['syncline-system'];
    const taken = await runner.signal(announced.key, receiptSignal(message, system, arrival.seq));
    if (typeof taken === 'object') return taken;
    switch (taken) {
      case 'accepted':
      case 'duplicate':
        return 'applied';
      case 'later':
        return 'early';
      case 'unknown':
      case 'never':
        return this.#begin(arrival, message);
    }
  }
}
