import { createHash } from 'node:crypto';
import type { Estate } from '#contracts/v1/estate.ts';
import type { TopicOf } from '../connectors/topics.ts';
import type { CustomerData, CustomerEnv } from '../flows/customer/customer-data.ts';
import { messageData, startMessage } from '../flows/message.ts';
import type { Runner } from '../flows/runner.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';
import { readArrival } from './read-arrival.ts';

/** Customers, each version of which is a transaction of its own. */
export class CustomerArrivals implements ArrivalHandler<'customer'> {
  readonly means = ['customer'] as const;
  readonly #runner: Runner<CustomerData, CustomerEnv>;
  readonly #estate: Estate;

  constructor(runner: Runner<CustomerData, CustomerEnv>, estate: Estate) {
    this.#runner = runner;
    this.#estate = estate;
  }

  async apply(arrival: Arrival, topic: TopicOf<'customer'>): Promise<Applied> {
    const { headers, body } = arrival;
    const system = headers['syncline-system'];
    const read = readArrival(arrival, topic, this.#estate);
    // What cannot be read is a transaction all the same: it stops with a case that says why.
    if ('problems' in read) {
      await this.setAside(arrival);
      return 'applied';
    }
    const { external_id, updated_at } = read.message;
    const own = this.#estate.channels.filter((channel) => channel.system === system);
    const [channel] = own.length === 1 ? own : [];
    // A shop's clock ticks in seconds: two versions may be of the same one.
    const version = createHash('sha256').update(body).digest('hex').slice(0, 8);
    await startMessage(this.#runner, 'validate', arrival, messageData(arrival), {
      name: `customer-${external_id}-${Date.parse(updated_at)}-${version}`,
      dimensions: {
        business_key: `${external_id}@${system}`,
        ...(channel !== undefined && {
          channel: channel.id,
          region: channel.region,
          legal_entity: channel.legal_entity,
          brand: channel.brand,
        }),
      },
    });
    return 'applied';
  }

  setAside(arrival: Arrival): Promise<void> {
    return startMessage(this.#runner, 'validate', arrival, messageData(arrival));
  }
}
