import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { atLeastOne } from '../connectors/reading.ts';
import type { TopicOf } from '../connectors/topics.ts';
import { FULFILMENT_MESSAGE, startMessage } from '../flows/message.ts';
import { emptyOrderData, type OrderData, type OrderEnv } from '../flows/order/order-data.ts';
import { deliverySignal } from '../flows/order/parcels.ts';
import type { Runner } from '../flows/runner.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import type { Identity } from '../identity.ts';
import type { Applied, Arrival, ArrivalHandler } from './arrival.ts';
import { readArrival } from './read-arrival.ts';

export interface TrackingArrivalsOptions {
  runner: Runner<OrderData, OrderEnv>;
  identity: Pick<Identity, 'find'>;
  transactions: Pick<TransactionLog, 'reload'>;
  estate: Estate;
}

const unknownParcel: CaseProblem = {
  error_class: 'reference',
  error_code: 'unknown_tracking_number',
  path: '/result/tracking_code',
  document: 'received',
  message:
    'A carrier delivered a parcel that no order of ours has. Correct the tracking number, replay once its shipment is there, or discard the message.',
};
const EARLY: Applied = { problems: [unknownParcel], early: true };

/** What carriers say of parcels: a delivery is told to the order that the parcel belongs to, whoever else tells it too. */
export class TrackingArrivals implements ArrivalHandler<'tracking'> {
  readonly means = ['tracking'] as const;
  readonly #options: TrackingArrivalsOptions;

  constructor(options: TrackingArrivalsOptions) {
    this.#options = options;
  }

  async apply(arrival: Arrival, topic: TopicOf<'tracking'>): Promise<Applied> {
    const { runner, identity, transactions, estate } = this.#options;
    const read = readArrival(arrival, topic, estate);
    if ('problems' in read) return { problems: atLeastOne(read.problems) };
    const { trackingNumber, deliveredAt } = read.message;
    // Only that it has arrived concerns its order.
    if (deliveredAt === undefined) return 'applied';
    const key = await identity.find('ref_tracking_number', trackingNumber);
    const head = key === undefined ? undefined : await transactions.reload<OrderData>('order_to_cash', key);
    const parcels = head?.state.data.shipments.filter((one) => one.tracking_number === trackingNumber) ?? [];
    // Its shipment may be on its way to us still.
    if (key === undefined || parcels.length === 0) return EARLY;
    for (const { shipment_id, told } of parcels) {
      const accepted = await runner.signal(key, {
        // The same as the warehouse's own word on it: whoever comes second changes nothing.
        id: told === undefined ? `delivery:${shipment_id}` : deliverySignal(told),
        type: 'delivery',
        system: arrival.headers['syncline-system'],
        at: deliveredAt,
        intake_seq: arrival.seq,
        data: { shipment_id, delivered_at: deliveredAt },
      });
      if (typeof accepted === 'object') return accepted;
      if (accepted === 'unknown' || accepted === 'later') return EARLY;
    }
    return 'applied';
  }

  setAside(arrival: Arrival): Promise<void> {
    const data = emptyOrderData(arrival.headers['syncline-system'], arrival.seq);
    return startMessage(this.#options.runner, FULFILMENT_MESSAGE, arrival, data);
  }
}
