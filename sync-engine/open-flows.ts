import type { JetStreamManager } from '@nats-io/jetstream';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Log } from '#platform/log.ts';
import type { Rates } from '#platform/rates.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { StandingEstate } from '#platform/standing-estate.ts';
import { ArrivalHandlers } from './arrivals/arrival.ts';
import type { ChannelItems } from './arrivals/channel-items.ts';
import { ChannelParcels } from './arrivals/channel-parcels.ts';
import { ChannelStock } from './arrivals/channel-stock.ts';
import { CustomerArrivals } from './arrivals/customer-arrivals.ts';
import { FulfilmentArrivals } from './arrivals/fulfilment-arrivals.ts';
import { createMessageEnv } from './arrivals/message-env.ts';
import { OrderArrivals } from './arrivals/order-arrivals.ts';
import { PaymentArrivals } from './arrivals/payment-arrivals.ts';
import { PayoutArrivals } from './arrivals/payout-arrivals.ts';
import { type ProductPublication, publishProducts } from './arrivals/product-arrivals.ts';
import { PriceArrivals } from './arrivals/price-arrivals.ts';
import { ReturnArrivals } from './arrivals/return-arrivals.ts';
import { createStockArrivals } from './arrivals/stock-arrivals.ts';
import { hasTaken } from './arrivals/taken.ts';
import { StoreArrivals } from './arrivals/store-arrivals.ts';
import type { StoreSequences } from './arrivals/store-sequences.ts';
import type { BackorderBook } from './backorders/backorder-book.ts';
import { TrackingArrivals } from './arrivals/tracking-arrivals.ts';
import type { Kinds } from './connectors/kinds.ts';
import type { VerbName } from './connectors/services.ts';
import type { Meaning, Topic, TopicOf } from './connectors/topics.ts';
import type { CustomerIndex } from './customers/customer-index.ts';
import type { Documents } from './documents.ts';
import type { ExchangeBook } from './files/exchange-book.ts';
import type { CaseDesk } from './flows/case-desk.ts';
import { createCustomerFlow } from './flows/customer/customer-flow.ts';
import type { Flow } from './flows/flow.ts';
import type { ConnectorCall } from './flows/inventory/connector-call.ts';
import { createStockMessageFlow, type MessageData, type MessageEnv } from './flows/message.ts';
import type { OrderData, OrderEnv } from './flows/order/order-data.ts';
import { createOrderFlow } from './flows/order/order-flow.ts';
import { openPayouts } from './flows/payout/open-payouts.ts';
import { createProductFlow } from './flows/product/product-flow.ts';
import { createPassOver, type PassOverOptions } from './flows/pass-over.ts';
import { createPriceFlow } from './flows/price/price-flow.ts';
import { noteOnOrder } from './flows/return/note-on-order.ts';
import { createReturnFlow } from './flows/return/return-flow.ts';
import { Runner } from './flows/runner.ts';
import type { Runners } from './flows/runners.ts';
import { createStoreFlow } from './flows/store/store-flow.ts';
import type { TransactionLog } from './flows/transaction-log.ts';
import type { Identity } from './identity.ts';
import { createPublishFetched } from './intake/fetched-message.ts';
import type { MasterData } from './master/master-data.ts';
import type { RuleBook } from './repairs/rule-book.ts';
import { createRuleCure } from './repairs/rule-cure.ts';
import type { Alarms } from './alarms.ts';
import { findPaidOrder } from './payments/known-payments.ts';
import type { PriceBook } from './prices/price-book.ts';
import type { ReturnableOrders } from './returns/returnable-orders.ts';
import type { ReturnBook } from './returns/return-book.ts';
import type { StockClient } from './stock/client.ts';
import { enqueueWork } from './work/queues.ts';

export interface FlowsOptions {
  estate: Estate;
  /** The same with the modes that people decided. */
  standing: StandingEstate;
  connectors: PassOverOptions['connectors'];
  kinds: Kinds;
  publisher: Publisher;
  manager: JetStreamManager;
  transactions: TransactionLog;
  documents: Documents;
  master: MasterData;
  identity: Identity;
  stock: StockClient;
  book: ExchangeBook;
  prices: PriceBook;
  customers: CustomerIndex;
  returns: ReturnBook;
  returnable: ReturnableOrders;
  /** One call outside any transaction. */
  call: ConnectorCall;
  /** Does a system offer a business service? */
  offers: (system: string, verb: VerbName) => boolean;
  alarms: Alarms;
  backorders: BackorderBook;
  cases: CaseDesk;
  /** Our SKUs of channels' own items. */
  items: ChannelItems;
  /** How far each store's batches have come. */
  sequences: StoreSequences;
  /** Repair rules in force. */
  rules: RuleBook;
  rates: Pick<Rates, 'today'>;
  log: Log;
  now: () => Date;
}

export interface Flows {
  runners: Runners;
  /** Where each kind of arrival goes. */
  handlers: ArrivalHandlers;
  orders: Runner<OrderData, OrderEnv>;
  fulfilment: FulfilmentArrivals;
  messages: MessageEnv['messages'];
  publishProduct: ProductPublication;
}

/** Every flow the engine runs, and what brings it its messages. */
export function openFlows(options: FlowsOptions): Flows {
  const {
    estate,
    standing,
    connectors,
    kinds,
    publisher,
    transactions,
    documents,
    master,
    identity,
    stock,
    rules,
    rates,
    log,
  } = options;
  const handlers = new ArrivalHandlers((system, topic) => kinds.topic(system, topic));
  const messages = createMessageEnv({ manager: options.manager, documents, handlers, identity, log });
  const shared = { kinds, documents, master, messages };

  const run = <Data extends MessageData, Env>(flow: Flow<Data, Env>): Runner<Data, Env> =>
    new Runner({
      flow,
      log: transactions,
      estate: standing.now,
      cases: options.cases,
      passOver: createPassOver({ connectors, documents, now: options.now }),
      enqueue: (system, slaClass, work, id) => enqueueWork(publisher, system, slaClass, work, id),
      index: (key, attributes) => identity.index(key, attributes),
      cure: createRuleCure({ book: rules, flow, documents, rates, log }),
      now: options.now,
    });

  const orders = run(
    createOrderFlow({ ...shared, stock, backorders: options.backorders, returnable: options.returnable }),
  );
  const stockMessages = run(createStockMessageFlow({ messages }));
  const publish = createPublishFetched(options);
  const stores = run(createStoreFlow({ ...shared, stock, publish }));
  const fulfilment = new FulfilmentArrivals(orders, estate, kinds, master, options.book);
  const prices = run(
    createPriceFlow({
      ...shared,
      offers: options.offers,
      prices: options.prices,
      alarms: options.alarms,
      topics: { topicOf: topicOf(kinds, 'price') },
    }),
  );
  const returns = run(
    createReturnFlow({
      ...shared,
      stock,
      identity,
      rates,
      offers: options.offers,
      orders: options.returnable,
      book: options.returns,
      note: noteOnOrder(orders),
    }),
  );
  const paid = (payment: string) =>
    findPaidOrder(payment, { identity, transactions, orders: options.returnable, book: options.returns });
  const payouts = openPayouts({ ...shared, transactions, identity, paid }, run);
  const products = run(createProductFlow({ messages, master, offers: options.offers }));
  const customers = run(
    createCustomerFlow({
      messages,
      offers: options.offers,
      customers: options.customers,
      topics: { topicOf: topicOf(kinds, 'customer') },
    }),
  );
  handlers.add(new OrderArrivals({ runner: orders, identity, estate, kinds }));
  handlers.add(fulfilment);
  handlers.add(new TrackingArrivals({ runner: orders, identity, transactions, estate }));
  handlers.add(
    new ChannelParcels({ runner: orders, estate, identity, transactions, topicOf: topicOf(kinds, 'channel_parcel') }),
  );
  handlers.add(
    new ChannelStock({
      ...{ runner: stockMessages, estate, stock, call: options.call, items: options.items },
      ordersTaken: (system, until) => hasTaken(options.manager, 'order', system, until),
    }),
  );
  handlers.add(createStockArrivals(stockMessages, { estate, stock, master }));
  handlers.add(new StoreArrivals({ runner: stores, estate, documents, master, sequences: options.sequences }));
  handlers.add(new PriceArrivals(prices, estate));
  handlers.add(new CustomerArrivals(customers, estate));
  handlers.add(new PaymentArrivals({ runner: payouts, estate, topicOf: topicOf(kinds, 'payment'), find: paid }));
  handlers.add(new PayoutArrivals({ runner: payouts, estate, transactions, topicOf: topicOf(kinds, 'payout_notice') }));
  handlers.add(new ReturnArrivals({ runner: returns, estate, identity }));
  return {
    runners: new Map([
      ['order_to_cash', orders],
      ['inventory_sync', stockMessages],
      ['store_settlement', stores],
      ['price_publication', prices],
      ['product_sync', products],
      ['customer_sync', customers],
      ['return_to_refund', returns],
      ['marketplace_settlement', payouts],
    ]),
    handlers,
    orders,
    fulfilment,
    messages,
    publishProduct: publishProducts(products, estate),
  };
}

const topicOf =
  <M extends Meaning>(kinds: Kinds, means: M) =>
  (system: string, name: string): TopicOf<M> | undefined => {
    const topic = kinds.topic(system, name);
    return topic !== undefined && isOf(topic, means) ? topic : undefined;
  };

const isOf = <M extends Meaning>(topic: Topic, means: M): topic is TopicOf<M> => topic.means === means;
