import type { CaseProblem } from '#contracts/v1/case.ts';
import { parseTransactionKey } from '#contracts/v1/key.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { ChannelParcel, TopicOf } from '../connectors/topics.ts';
import { FULFILMENT_MESSAGE, startMessage } from '../flows/message.ts';
import { emptyOrderData, type OrderData, type OrderEnv } from '../flows/order/order-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import type { Identity } from '../identity.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';
import { readArrival } from './read-arrival.ts';

export interface ChannelParcelsOptions {
  runner: Runner<OrderData, OrderEnv>;
  estate: Estate;
  identity: Pick<Identity, 'isKnown'>;
  transactions: Pick<TransactionLog, 'reload'>;
  topicOf: (system: string, topic: string) => TopicOf<'channel_parcel'> | undefined;
}

/**
 * Parcels as channels show them. What we shipped comes back this way and changes nothing; one that the channel's own staff
 * sent is a case, before the warehouse sends the same goods again.
 */
export class ChannelParcels implements ArrivalHandler<'channel_parcel'> {
  readonly means = ['channel_parcel'] as const;
  readonly #options: ChannelParcelsOptions;

  constructor(options: ChannelParcelsOptions) {
    this.#options = options;
  }

  async apply(arrival: Arrival, topic: TopicOf<'channel_parcel'>): Promise<Applied> {
    const { transactions, identity, estate } = this.#options;
    const read = readArrival(arrival, topic, estate);
    if ('problems' in read) return { problems: atLeastOne(read.problems) };
    const parcel = read.message;
    if (parcel.superseded !== undefined) return { superseded: parcel.superseded };
    const head = await transactions.reload<OrderData>('order_to_cash', parcel.orderKey);
    if (head === undefined) {
      if (await identity.isKnown('order_to_cash', parcel.orderKey)) return { superseded: 'The order is long over.' };
      return { problems: [unknownOrder(parcel)], early: true };
    }
    const { shipments, left_alone } = head.state.data;
    // A shipment is noted before its channel is told of it.
    const isOurs = shipments.some((one) => (one.tracking_number || one.shipment_id) === parcel.reference);
    if (isOurs || left_alone !== undefined) return 'applied';
    return { problems: [shippedByChannel(parcel, head.state.dimensions.business_key)] };
  }

  /** A case of the order, one for each parcel. */
  async setAside(arrival: Arrival): Promise<void> {
    const { runner, transactions, topicOf, estate } = this.#options;
    const { headers, seq } = arrival;
    const data = emptyOrderData(headers['syncline-system'], seq);
    const topic = topicOf(headers['syncline-system'], headers['syncline-topic']);
    const read = topic === undefined ? undefined : readArrival(arrival, topic, estate);
    if (read === undefined || 'problems' in read) return startMessage(runner, FULFILMENT_MESSAGE, arrival, data);
    const { parcel, orderKey, at } = read.message;
    const order = await transactions.reload<OrderData>('order_to_cash', orderKey);
    const known = order?.state.dimensions ?? { business_key: parseTransactionKey(orderKey)?.externalId ?? orderKey };
    return startMessage(runner, FULFILMENT_MESSAGE, arrival, data, {
      name: `parcel-${parcel}`,
      dimensions: { ...known, origin: headers['syncline-origin'], occurred_at: at },
    });
  }
}

const unknownOrder = ({ orderPath }: ChannelParcel): CaseProblem => ({
  error_class: 'reference',
  error_code: 'unknown_order',
  path: orderPath,
  document: 'received',
  message:
    'The channel shows a parcel of an order that Syncline does not know. Replay once the order is there, or discard the message.',
});

const shippedByChannel = ({ parcel, reference }: ChannelParcel, orderNumber: string): CaseProblem => ({
  error_class: 'conflict',
  error_code: 'shipped_by_channel',
  path: '/id',
  document: 'received',
  message: `The channel's own staff sent a parcel of order ${orderNumber} (${parcel}${reference === '' ? '' : `, tracking number ${reference}`}). Cancel or hold the order before its warehouse sends the goods again, and have the parcel billed; then discard this case.`,
});
