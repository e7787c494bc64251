import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { ConnectorError } from '../connectors/connector.ts';
import { locationsByPlace } from '../connectors/places.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { ListedStock } from '../connectors/services.ts';
import type { ChannelStock as Shown, TopicOf } from '../connectors/topics.ts';
import type { ConnectorCall } from '../flows/inventory/connector-call.ts';
import { messageData, type MessageData, type MessageEnv, startMessage, STOCK_MESSAGE } from '../flows/message.ts';
import type { Runner } from '../flows/runner.ts';
import type { StockClient } from '../stock/client.ts';
import type { ChannelItems } from './channel-items.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';
import { readArrival } from './read-arrival.ts';

export interface ChannelStockOptions {
  runner: Runner<MessageData, MessageEnv>;
  estate: Estate;
  stock: Pick<StockClient, 'positions' | 'drifted'>;
  call: ConnectorCall;
  items: Pick<ChannelItems, 'sku' | 'learn'>;
  /** Have the orders been taken that a system sent until then? */
  ordersTaken: (system: string, until: Date) => Promise<boolean>;
}

/**
 * Stock as channels show it. What we published comes back this way, and what a channel sold is on its way to us as an
 * order. A change that neither explains after a while was made in the channel, or sold what another place ships: what we
 * own is published over it; more than it shows only once its orders of that while are taken. Who insists on more than
 * that is left to a person.
 */
export class ChannelStock implements ArrivalHandler<'channel_stock'> {
  readonly means = ['channel_stock'] as const;
  readonly #options: ChannelStockOptions;

  constructor(options: ChannelStockOptions) {
    this.#options = options;
  }

  async apply(arrival: Arrival, topic: TopicOf<'channel_stock'>, overdue: boolean): Promise<Applied> {
    const { estate, stock, items } = this.#options;
    const { headers, seq } = arrival;
    const system = headers['syncline-system'];
    const explainedUntil = Date.parse(headers['syncline-received-at']) + estate.policies.hold_early_signals_s * 1000;
    const read = readArrival(arrival, topic, estate);
    if ('problems' in read) return { problems: atLeastOne(read.problems) };
    const shown = read.message;
    const location = locationsByPlace(estate.systems.find(({ id }) => id === system)?.settings).get(shown.place);
    if (location === undefined) return { superseded: 'The place is none of ours: nothing is published for it.' };
    try {
      const known = await items.sku(system, shown.item);
      const listed = known === undefined ? await this.#ask(system, shown) : undefined;
      const sku = known ?? listed?.sku;
      if (sku === undefined) return { superseded: 'The item has no SKU, so that nothing is published for it.' };
      if (known === undefined) await items.learn(system, shown.item, sku);
      const unexplained = await this.#unexplained(system, sku, location, shown);
      if (unexplained === 'explained') return 'applied';
      // Under a SKU that it was told nothing of, the item may go no longer: only the shop can say.
      if (unexplained.length > 0 && !overdue) return 'early';
      // What was told then may have been put right since.
      const now = listed ?? (await this.#ask(system, shown));
      if (now !== undefined && now.sku !== sku) {
        // The shop gave the item another SKU: what it shows is judged by that one.
        await items.learn(system, shown.item, now.sku);
        return await this.apply(arrival, topic, overdue);
      }
      if (now === undefined || unexplained.some(({ confirmed }) => confirmed === now.quantity)) return 'applied';
      // Less than was confirmed may be what was sold: an order that is not taken yet would be sold again.
      const isLess = unexplained.some(({ confirmed }) => now.quantity < confirmed);
      if (isLess && !(await this.#options.ordersTaken(system, new Date(explainedUntil))))
        return { problems: [ordersNotTaken(system, sku, location, now.quantity)], early: 'long' };
      for (const { channel, confirmed } of unexplained) {
        const drift = { drift_id: `shown-${seq}`, channel, sku, location, confirmed, shown: now.quantity };
        const { outcome } = await stock.drifted(drift);
        if (outcome === 'contested') return { problems: [contested(drift)] };
      }
      return 'applied';
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      return { problems: [couldNotAsk(error)], early: error.detail.retryable };
    }
  }

  setAside(arrival: Arrival): Promise<void> {
    return startMessage(this.#options.runner, STOCK_MESSAGE, arrival, messageData(arrival));
  }

  /**
   * What the system's channels confirmed instead, if anything. Explained is what one of them was told, what an order or
   * anything else is on its way to, and what came before the last they were told: absolute quantities go over whatever is there.
   */
  async #unexplained(
    system: string,
    sku: string,
    location: string,
    { quantity, at }: Shown,
  ): Promise<'explained' | { channel: string; confirmed: number }[]> {
    const { estate, stock } = this.#options;
    const position = (await stock.positions([sku])).find((one) => one.location === location);
    const told = estate.channels
      .filter((one) => one.system === system)
      .flatMap(({ id }) => {
        const known = position?.confirmed?.[id];
        return known === undefined ? [] : [{ channel: id, confirmed: known.quantity, sentAt: known.sent_at ?? '' }];
      });
    const isExplained = told.some(
      ({ channel, confirmed, sentAt }) =>
        // After a refusal nobody knows what it shows; the item is offered again when it next changes.
        confirmed === quantity || confirmed < 0 || isLater(sentAt, at) || position?.behind?.includes(channel),
    );
    return isExplained ? 'explained' : told;
  }

  /** What the channel has of the item now; undefined where it has none. */
  async #ask(system: string, { item, place }: Shown): Promise<ListedStock | undefined> {
    const { items } = await this.#options.call(system, 'list_stock', { places: [place], refs: [item] });
    return items.find((one) => one.ref === item && one.place === place);
  }
}

/** Channels tell the time to the second: within one nobody knows which came first. */
const isLater = (sentAt: string, at: string): boolean =>
  (at.endsWith('.000Z') ? `${sentAt.slice(0, 19)}.000Z` : sentAt) > at;

const ordersNotTaken = (system: string, sku: string, location: string, quantity: number): CaseProblem => ({
  error_class: 'conflict',
  error_code: 'orders_not_taken',
  path: '',
  document: 'received',
  message: `${system} shows ${quantity} of ${sku} at ${location}, less than was published. It may have sold the rest: orders that it sent before are not taken yet, and what we own is not published over it meanwhile. Find out in the engine's log which message of the orders cannot be handled and why. Replay once they are taken, or discard the message: the next quantity that Syncline publishes goes over it in any case.`,
});

const contested = (drift: {
  channel: string;
  sku: string;
  location: string;
  confirmed: number;
  shown: number;
}): CaseProblem => ({
  error_class: 'conflict',
  error_code: 'stock_contested',
  path: '',
  document: 'received',
  message: `The channel ${drift.channel} shows ${drift.shown} of ${drift.sku} at ${drift.location}, although ${drift.confirmed} was published over such a quantity before and is still what it may offer. Find out who or which app sets it there. Replay once that is stopped and the quantity put right there, or discard the message: the next quantity that Syncline publishes goes over it in any case.`,
});

const couldNotAsk = ({ detail }: ConnectorError): CaseProblem => ({
  error_class: detail.errorClass,
  error_code: detail.code.slice(0, 200),
  path: '',
  document: 'received',
  message:
    `The channel could not be asked which item of ours this is: ${detail.message} Replay once it answers, or discard the message.`.slice(
      0,
      2000,
    ),
});
