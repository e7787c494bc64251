import type { Estate } from '#contracts/v1/estate.ts';
import type { TopicOf } from '../connectors/topics.ts';
import { messageData, startMessage } from '../flows/message.ts';
import type { PriceData, PriceEnv } from '../flows/price/price-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';

/** Prices, each version of which is a transaction of its own. */
export class PriceArrivals implements ArrivalHandler<'price'> {
  readonly means = ['price'] as const;
  readonly #runner: Runner<PriceData, PriceEnv>;
  readonly #estate: Estate;

  constructor(runner: Runner<PriceData, PriceEnv>, estate: Estate) {
    this.#runner = runner;
    this.#estate = estate;
  }

  async apply(arrival: Arrival, topic: TopicOf<'price'>, overdue: boolean): Promise<Applied> {
    const { env } = this.#runner.flow;
    const system = arrival.headers['syncline-system'];
    const read = topic.read(arrival.body, {
      estate: this.#estate,
      system,
      headers: arrival.headers,
      mapping: (kind, code) => env.master.mapping(kind, system, code)?.target,
    });
    // What cannot be read is a transaction all the same: it stops with a case that says why.
    if ('problems' in read) {
      await this.setAside(arrival);
      return 'applied';
    }
    const { sku, channel, version } = read.message;
    // Its product may be on its way: the two are told at the same time and travel apart.
    if (!overdue && env.master.product(sku) === undefined) return 'early';
    const declared = this.#estate.channels.find(({ id }) => id === channel);
    await startMessage(this.#runner, 'validate', arrival, messageData(arrival), {
      name: `price-${channel}-${sku}-${version}`,
      dimensions: {
        business_key: `${sku}@${channel}`,
        sku,
        channel,
        ...(declared === undefined
          ? {}
          : { region: declared.region, legal_entity: declared.legal_entity, brand: declared.brand }),
      },
    });
    return 'applied';
  }

  setAside(arrival: Arrival): Promise<void> {
    return startMessage(this.#runner, 'validate', arrival, messageData(arrival));
  }
}
