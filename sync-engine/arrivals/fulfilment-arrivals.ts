import type { CaseProblem } from '#contracts/v1/case.ts';
import { isTransactionKey, keyOfReference } from '#contracts/v1/key.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Shipment } from '#contracts/v1/fulfilment.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { MessageContext, Reading, ShipmentsContext, Topic, TopicOf } from '../connectors/topics.ts';
import type { ExchangeBook } from '../files/exchange-book.ts';
import { FULFILMENT_MESSAGE, startMessage } from '../flows/message.ts';
import type { MasterData } from '../master/master-data.ts';
import { emptyOrderData, type OrderData, type OrderEnv } from '../flows/order/order-data.ts';
import { deliverySignal, shipmentSignal } from '../flows/order/parcels.ts';
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

type FulfilmentMeaning = 'shipment' | 'shipments' | 'delivery';
type Read = { signals: { key: string; signal: Signal }[] } | { problems: CaseProblem[] };

/** Shipments and deliveries, as warehouses report them. */
export class FulfilmentArrivals implements ArrivalHandler<FulfilmentMeaning> {
  readonly means = ['shipment', 'shipments', 'delivery'] as const;
  readonly #runner: Runner<OrderData, OrderEnv>;
  readonly #estate: Estate;
  readonly #kinds: Pick<Kinds, 'topic'>;
  readonly #master: Pick<MasterData, 'mapping'>;
  readonly #book: Pick<ExchangeBook, 'released'>;

  constructor(
    runner: Runner<OrderData, OrderEnv>,
    estate: Estate,
    kinds: Pick<Kinds, 'topic'>,
    master: Pick<MasterData, 'mapping'>,
    book: Pick<ExchangeBook, 'released'>,
  ) {
    this.#book = book;
    this.#runner = runner;
    this.#estate = estate;
    this.#kinds = kinds;
    this.#master = master;
  }

  async apply(arrival: Arrival, topic: TopicOf<FulfilmentMeaning>): Promise<Applied> {
    const read = await this.#read(arrival, topic);
    if ('problems' in read) return { problems: atLeastOne(read.problems) };
    // Each is told once, however often: the first that cannot be told stops the message.
    for (const { key, signal } of read.signals) {
      const applied = await this.#signal(key, signal);
      if (applied !== 'applied') return applied;
    }
    return 'applied';
  }

  async #signal(key: string, signal: Signal): Promise<Applied> {
    if (!isTransactionKey(key)) return EARLY;
    const accepted = await this.#runner.signal(key, signal);
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
  async orderOf(arrival: Arrival): Promise<string | undefined> {
    const topic = this.#kinds.topic(arrival.headers['syncline-system'], arrival.headers['syncline-topic']);
    if (topic === undefined || !isFulfilment(topic)) return undefined;
    const read = await this.#read(arrival, topic);
    return 'signals' in read ? read.signals[0]?.key : undefined;
  }

  async #read({ headers, body, seq }: Arrival, topic: TopicOf<FulfilmentMeaning>): Promise<Read> {
    const system = headers['syncline-system'];
    const context = {
      estate: this.#estate,
      system,
      headers,
      mapping: (...[kind, code]: Parameters<MessageContext['mapping']>) =>
        this.#master.mapping(kind, system, code)?.target,
    };
    const signal = (type: 'shipment' | 'delivery', number: string, at: string, data: object): Signal => ({
      id: (type === 'shipment' ? shipmentSignal : deliverySignal)({ system, number }),
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
      return {
        signals: [{ key: keyOfReference(orderKey), signal: signal('delivery', shipmentId, deliveredAt, data) }],
      };
    }
    const read = await shipmentsOf(topic, body, {
      ...context,
      released: (number) => this.#book.released(system, number),
    });
    if ('problems' in read) return read;
    return {
      signals: read.message.map((shipment) => ({
        key: keyOfReference(shipment.order_key),
        signal: signal('shipment', shipment.shipment_id, shipment.shipped_at, shipment),
      })),
    };
  }
}

async function shipmentsOf(
  topic: TopicOf<'shipment' | 'shipments'>,
  body: Uint8Array,
  context: ShipmentsContext,
): Promise<Reading<Shipment[]>> {
  if (topic.means === 'shipments') return topic.read(body, context);
  const read = topic.read(body, context);
  return 'problems' in read ? read : { message: [read.message] };
}

const isFulfilment = (topic: Topic): topic is TopicOf<FulfilmentMeaning> =>
  topic.means === 'shipment' || topic.means === 'shipments' || topic.means === 'delivery';
