import type { CaseProblem } from '#contracts/v1/case.ts';
import { isTransactionKey } from '#contracts/v1/key.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { MessageContext, Topic, TopicOf } from '../connectors/topics.ts';
import { FULFILMENT_MESSAGE, startMessage } from '../flows/message.ts';
import type { MasterData } from '../master/master-data.ts';
import { emptyOrderData, type OrderData, type OrderEnv } from '../flows/order/order-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { Signal } from '../flows/state.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';

const orderIsOver: CaseProblem = {
  error_class: 'conflict',
  error_code: 'order_is_over',
  path: '/reference',
  document: 'received',
  message:
    'The warehouse shipped goods of an order that is cancelled or finished. Call them back or bill them by hand, count the stock, then discard this message.',
};

const unknownOrder: CaseProblem = {
  error_class: 'reference',
  error_code: 'unknown_order',
  path: '/reference',
  document: 'received',
  message:
    'The warehouse reports on an order that Syncline does not know, or not well enough yet. Correct the reference, replay once the order is there, or discard the message.',
};
const EARLY: Applied = { problems: [unknownOrder], early: true };

type FulfilmentMeaning = 'shipment' | 'delivery';

/** Shipments and deliveries, as warehouses report them. */
export class FulfilmentArrivals implements ArrivalHandler<FulfilmentMeaning> {
  readonly means = ['shipment', 'delivery'] as const;
  readonly #runner: Runner<OrderData, OrderEnv>;
  readonly #estate: Estate;
  readonly #kinds: Pick<Kinds, 'topic'>;
  readonly #master: Pick<MasterData, 'mapping'>;

  constructor(
    runner: Runner<OrderData, OrderEnv>,
    estate: Estate,
    kinds: Pick<Kinds, 'topic'>,
    master: Pick<MasterData, 'mapping'>,
  ) {
    this.#runner = runner;
    this.#estate = estate;
    this.#kinds = kinds;
    this.#master = master;
  }

  async apply(arrival: Arrival, topic: TopicOf<FulfilmentMeaning>): Promise<Applied> {
    const read = this.#read(arrival, topic);
    if ('problems' in read) return { problems: atLeastOne(read.problems) };
    if (!isTransactionKey(read.key)) return EARLY;
    const accepted = await this.#runner.signal(read.key, read.signal);
    if (typeof accepted === 'object') return accepted;
    switch (accepted) {
      case 'accepted':
      case 'duplicate':
        return 'applied';
      case 'unknown':
      case 'later':
        return EARLY;
      case 'never':
        return { problems: [orderIsOver] };
    }
  }

  setAside(arrival: Arrival): Promise<void> {
    const data = emptyOrderData(arrival.headers['syncline-system'], arrival.seq);
    return startMessage(this.#runner, FULFILMENT_MESSAGE, arrival, data);
  }

  /** Key of the order that a message speaks of, as it stands in the message; undefined where it cannot be read. */
  orderOf(arrival: Arrival): string | undefined {
    const topic = this.#kinds.topic(arrival.headers['syncline-system'], arrival.headers['syncline-topic']);
    if (topic === undefined || !isFulfilment(topic)) return undefined;
    const read = this.#read(arrival, topic);
    return 'key' in read ? read.key : undefined;
  }

  #read(
    { headers, body, seq }: Arrival,
    topic: TopicOf<FulfilmentMeaning>,
  ): { key: string; signal: Signal } | { problems: CaseProblem[] } {
    const system = headers['syncline-system'];
    const context = {
      estate: this.#estate,
      system,
      headers,
      mapping: (...[kind, code]: Parameters<MessageContext['mapping']>) =>
        this.#master.mapping(kind, system, code)?.target,
    };
    const signal = (type: FulfilmentMeaning, id: string, at: string, data: object): Signal => ({
      id: `${type}:${id}`,
      type,
      system,
      at,
      intake_seq: seq,
      data: { ...data },
    });
    if (topic.means === 'delivery') {
      const read = topic.read(body, context);
      if ('problems' in read) return read;
      const { orderKey, shipmentId, deliveredAt } = read.message;
      const data = { shipment_id: shipmentId, delivered_at: deliveredAt };
      return { key: orderKey, signal: signal('delivery', shipmentId, deliveredAt, data) };
    }
    const read = topic.read(body, context);
    if ('problems' in read) return read;
    const shipment = read.message;
    return { key: shipment.order_key, signal: signal('shipment', shipment.shipment_id, shipment.shipped_at, shipment) };
  }
}

const isFulfilment = (topic: Topic): topic is TopicOf<FulfilmentMeaning> =>
  topic.means === 'shipment' || topic.means === 'delivery';
