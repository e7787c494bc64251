import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { streams } from '#contracts/v1/subjects.ts';
import type { KV } from '#platform/nats/kv.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import { readAt } from '#platform/nats/publish.ts';
import type { Documents } from '../documents.ts';
import { applyStockChange } from '../flows/inventory/apply-stock-change.ts';
import {
  FULFILMENT_MESSAGE,
  type MessageData,
  type MessageEnv,
  startMessage,
  STOCK_MESSAGE,
} from '../flows/message.ts';
import { emptyOrderData, type OrderData, type OrderEnv } from '../flows/order/order-data.ts';
import type { Runner } from '../flows/runner.ts';
import type { Identity } from '../identity.ts';
import { readIntakeHeaders } from '../intake/headers.ts';
import type { MasterData } from '../master/master-data.ts';
import type { StockClient } from '../stock/client.ts';
import type { Arrival } from './arrival.ts';
import { consumeArrivals } from './consume.ts';
import type { FulfilmentArrivals } from './fulfilment-arrivals.ts';
import { HeldArrivals } from './held-arrivals.ts';
import { OrderArrivals } from './order-arrivals.ts';

export interface ArrivalsOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  estate: Estate;
  log: Log;
  leases: Leases;
  /** Bucket of arrivals that came too early. */
  held: KV;
  ackWaitMs: number;
  orders: Runner<OrderData, OrderEnv>;
  stockMessages: Runner<MessageData, MessageEnv>;
  fulfilment: FulfilmentArrivals;
  identity: Identity;
  master: Pick<MasterData, 'product' | 'mapping'>;
  stock: StockClient;
}

/** After so many failures inside the engine a message is set aside. */
const MAX_DELIVERIES = 8;

/** Takes arrivals from INTAKE, domain by domain, so that a flood in one cannot starve another. */
export async function startArrivals(options: ArrivalsOptions): Promise<{ stop(): Promise<void> }> {
  const { estate, log, leases, orders, stockMessages, fulfilment, identity } = options;
  const orderArrivals = new OrderArrivals({ runner: orders, identity, estate });
  const held = new HeldArrivals(options.held, options.manager, estate.policies.hold_early_signals_s * 1000, log);

  const setAside = (arrival: Arrival): Promise<void> =>
    isStock(arrival)
      ? startMessage(stockMessages, STOCK_MESSAGE, arrival, messageData(arrival))
      : startMessage(
          orders,
          FULFILMENT_MESSAGE,
          arrival,
          emptyOrderData(arrival.headers['syncline-system'], arrival.seq),
        );

  const handleOrder = async (arrival: Arrival, overdue: boolean) =>
    (await orderArrivals.handle(arrival, overdue)) === 'early' ? 'early' : 'settled';
  const handleFulfilment = async (arrival: Arrival, overdue: boolean) => {
    const handled = await fulfilment.handle(arrival);
    if ('result' in handled && handled.result !== 'early') return 'settled';
    if ('result' in handled && !overdue) return 'early';
    await setAside(arrival);
    return 'settled';
  };
  const handleStock = async (arrival: Arrival, overdue: boolean) => {
    const applied = await applyStockChange(arrival, options);
    if ('outcome' in applied) return 'settled';
    if (applied.early === true && !overdue) return 'early';
    await setAside(arrival);
    return 'settled';
  };
  const offer = (arrival: Arrival, overdue: boolean) => {
    if (isOrder(arrival)) return handleOrder(arrival, overdue);
    return isStock(arrival) ? handleStock(arrival, overdue) : handleFulfilment(arrival, overdue);
  };

  const offerOrHold = async (arrival: Arrival) => {
    if ((await offer(arrival, false)) === 'early') await held.hold(arrival);
  };

  const shared = { ...options, maxDeliveries: MAX_DELIVERIES, poison: setAside };
  const holding = leases.hold('held-arrivals', (signal) => held.run(signal, offer));
  const consumers = await Promise.all([
    consumeArrivals({ ...shared, domain: 'order', concurrency: 128, handle: offerOrHold }),
    consumeArrivals({ ...shared, domain: 'fulfilment', concurrency: 64, handle: offerOrHold }),
    consumeArrivals({ ...shared, domain: 'stock', concurrency: 64, handle: offerOrHold }),
  ]);
  return {
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await holding.release();
    },
  };
}

const isOrder = ({ headers }: Arrival): boolean =>
  headers['syncline-topic'].startsWith('orders/') || headers['syncline-topic'] === 'channel.order';
const isStock = ({ headers }: Arrival): boolean =>
  ['stock.changed', 'channel.stock'].includes(headers['syncline-topic']);

const messageData = ({ seq }: Arrival): MessageData => ({ intake_seq: seq, received: { intake_seq: seq } });

/** How messages that were set aside are read and tried again. */
export function createMessageEnv(options: {
  manager: JetStreamManager;
  documents: Documents;
  estate: Estate;
  stock: StockClient;
  master: Pick<MasterData, 'product' | 'mapping'>;
  fulfilment(): FulfilmentArrivals;
}): MessageEnv['messages'] {
  return {
    read: async (data) => {
      const message = await readAt(options.manager, streams.intake, data.intake_seq);
      if (message === undefined) throw new Error(`the message ${data.intake_seq} is no longer kept`);
      const body = await options.documents.received(data.received);
      return { seq: data.intake_seq, headers: readIntakeHeaders(message.header), body };
    },
    apply: async (arrival) => {
      if (isStock(arrival)) {
        const applied = await applyStockChange(arrival, options);
        if ('problems' in applied) return { problems: applied.problems };
        return applied.outcome === 'superseded' ? { superseded: NEWER_APPLIED } : 'applied';
      }
      const handled = await options.fulfilment().handle(arrival);
      if ('problems' in handled) return { problems: handled.problems };
      return handled.result === 'early' ? { problems: [unknownOrder] } : 'applied';
    },
  };
}

const NEWER_APPLIED = 'A newer stock level of this item had been applied already, so this one changed nothing.';

const unknownOrder: CaseProblem = {
  error_class: 'reference',
  error_code: 'unknown_order',
  path: '/reference',
  document: 'received',
  message:
    'The warehouse reports on an order that Syncline does not know, or not well enough yet. Correct the reference, replay once the order is there, or discard the message.',
};
