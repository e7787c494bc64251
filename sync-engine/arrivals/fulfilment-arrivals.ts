import type { CaseProblem } from '#contracts/v1/case.ts';
import { isTransactionKey } from '#contracts/v1/key.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { deliveryOf, shipmentOf } from '../connectors/rest-wms/inbound.ts';
import type { MasterData } from '../master/master-data.ts';
import type { OrderData, OrderEnv } from '../flows/order/order-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { Signal } from '../flows/state.ts';
import type { Arrival } from './arrival.ts';

export type FulfilmentHandled = { result: 'done' | 'duplicate' | 'early' } | { problems: CaseProblem[] };

const orderIsOver: CaseProblem = {
  error_class: 'conflict',
  error_code: 'order_is_over',
  path: '/reference',
  document: 'received',
  message:
    'The warehouse shipped goods of an order that is cancelled or finished. Call them back or bill them by hand, count the stock, then discard this message.',
};

/** Shipments and deliveries, as warehouses report them. */
export class FulfilmentArrivals {
  readonly #runner: Runner<OrderData, OrderEnv>;
  readonly #estate: Estate;
  readonly #master: Pick<MasterData, 'mapping'>;

  constructor(runner: Runner<OrderData, OrderEnv>, estate: Estate, master: Pick<MasterData, 'mapping'>) {
    this.#runner = runner;
    this.#estate = estate;
    this.#master = master;
  }

  async handle(arrival: Arrival): Promise<FulfilmentHandled> {
    const read = this.#read(arrival);
    if ('problems' in read) return read;
    if (!isTransactionKey(read.key)) return { result: 'early' };
    const accepted = await this.#runner.signal(read.key, read.signal);
    if (typeof accepted === 'object') return accepted;
    switch (accepted) {
      case 'accepted':
        return { result: 'done' };
      case 'duplicate':
        return { result: 'duplicate' };
      case 'unknown':
      case 'later':
        return { result: 'early' };
      case 'never':
        return { problems: [orderIsOver] };
    }
  }

  /** Key of the order that a message speaks of, as it stands in the message; undefined where it cannot be read. */
  orderOf(arrival: Arrival): string | undefined {
    const read = this.#read(arrival);
    return 'key' in read ? read.key : undefined;
  }

  #read({ headers, body, seq }: Arrival): { key: string; signal: Signal } | { problems: CaseProblem[] } {
    const system = headers['syncline-system'];
    const bytes = Buffer.from(body);
    const signal = (type: 'shipment' | 'delivery', id: string, at: string, data: object): Signal => ({
      id: `${type}:${id}`,
      type,
      system,
      at,
      intake_seq: seq,
      data: { ...data },
    });
    if (headers['syncline-topic'] === 'shipment.delivered') {
      const read = deliveryOf(bytes);
      if ('problems' in read) return read;
      const { orderKey, shipmentId, deliveredAt } = read.delivery;
      const data = { shipment_id: shipmentId, delivered_at: deliveredAt };
      return { key: orderKey, signal: signal('delivery', shipmentId, deliveredAt, data) };
    }
    const location = this.#estate.locations.find(({ wms }) => wms === system)?.id ?? system;
    const mapping = (kind: Parameters<MasterData['mapping']>[0], code: string) =>
      this.#master.mapping(kind, system, code)?.target;
    const read = shipmentOf(bytes, { system, location, mapping });
    if ('problems' in read) return read;
    const { shipment } = read;
    return { key: shipment.order_key, signal: signal('shipment', shipment.shipment_id, shipment.shipped_at, shipment) };
  }
}
