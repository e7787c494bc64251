import type { Journal } from '#contracts/v1/journal.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { PayoutLine } from '#contracts/v1/payout.ts';
import type { Shipment } from '#contracts/v1/fulfilment.ts';
import type { Notice } from '../mail/notice.ts';
import type { Refund } from '../returns/refund.ts';
import type { Verb } from './connector.ts';
import type { CustomerServices } from './customer-services.ts';
import type { SubscriptionServices } from './subscription-services.ts';

/** Business services by role. A connector offers those its system has; flows know only these. */

export interface ErpServices {
  create_sales_order: Verb<
    {
      order: Order;
      postingKey: string;
      subsidiary: string;
      location: string;
      /** Channel tax code → the ERP's tax code, for every code the order carries. */
      taxCodes: Record<string, string>;
    },
    { documentId: string; documentNumber: string }
  >;
  cancel_sales_order: Verb<{ postingKey: string; documentId: string }, { documentId: string }>;
  post_invoice: Verb<
    { order: Order; postingKey: string; salesOrderId: string; salesOrderPostingKey: string },
    { documentId: string; documentNumber: string }
  >;
  /** Entries that are no document of an order: a store's day, a payout. */
  post_journal: Verb<{ journal: Journal; subsidiary: string }, { documentId: string; documentNumber: string }>;
}

export interface WmsServices {
  /** `reference` is ours and comes back on every shipment and delivery message. */
  release_order: Verb<
    { order: Order; reference: string; location: string; lines: { line_id: string; sku: string; quantity: number }[] },
    { warehouseOrderId: string }
  >;
  /** Answers `shipped: true` where the goods have left already and nothing can be cancelled. */
  cancel_release: Verb<{ reference: string; location: string }, { shipped: boolean }>;
}

export interface TaxServices {
  quote_tax: Verb<{ order: Order }, { amountToCollect: string; rate: string }>;
}

export interface FraudServices {
  screen_order: Verb<{ order: Order }, { decision: 'accept' | 'review' | 'reject'; score: number; caseNumber: string }>;
}

export interface PaymentServices {
  /** `captureKey` is one per shipment. `final` releases what is left of the authorisation. */
  capture_payment: Verb<
    {
      order: Order;
      reference: string;
      captureKey: string;
      amount: string;
      currency: string;
      final: boolean;
      /** Ids of the order's captures known already: a vendor without idempotency keys is searched for another one. */
      capturedBefore: readonly string[];
    },
    { captureId: string }
  >;
  void_authorization: Verb<{ order: Order; reference: string; voidKey: string }, { voidId: string }>;
}

export interface ChannelServices {
  /** Tells the channel that the order was taken over, with our key, so that its staff can find it. */
  acknowledge_order: Verb<{ order: Order; orderKey: string }, { acknowledgedId: string }>;
  create_fulfilment: Verb<{ order: Order; shipment: Shipment }, { fulfilmentId: string }>;
  cancel_order: Verb<{ order: Order; reason: string }, { cancelledId: string }>;
  /** Absolute quantities, at most 100 items a call. */
  publish_availability: Verb<
    { batchKey: string; items: { sku: string; location: string; quantity: number }[] },
    { accepted: number }
  >;
}

/** What is done for who orders on account. */
export interface AccountServices {
  /** Sends the invoice that the ERP posted under `number`. Instants in UTC. */
  send_invoice: Verb<{ order: Order; number: string; issuedAt: string; shippedAt?: string }, { invoiceId: string }>;
}

/** What returns ask of those who took the money, keep the books and sold the goods. */
export interface ReturnServices {
  /**
   * Gives money back of what the payment `reference` took: `amount`, which is a part of `refund` where several payments
   * were taken. `taken` is all that was captured or paid of the order.
   */
  refund_payment: Verb<
    {
      order: Order;
      refund: Refund;
      reference: string;
      refundKey: string;
      returnNumber: string;
      amount: string;
      currency: string;
      taken: string;
    },
    {
      refundId: string;
      /** What it moved in the system's own balance, where that is known by other numbers or is only a part of it. */
      payments?: { reference: string; amount: string }[];
    }
  >;
  /** What an order is credited with for goods that came back; `invoiceId` is empty where none was posted yet. */
  post_credit_memo: Verb<
    {
      order: Order;
      refund: Refund;
      postingKey: string;
      returnNumber: string;
      creditedAt: string;
      subsidiary: string;
      location: string;
      taxCodes: Record<string, string>;
      invoiceId: string;
    },
    { documentId: string; documentNumber: string }
  >;
  /** Tells a channel, whose payments are taken elsewhere, what came back and was refunded. */
  record_refund: Verb<{ order: Order; refund: Refund; refundKey: string; returnNumber: string }, { refundId: string }>;
}

/** What a channel that has prices of its own can be told of them. */
export interface PriceServices {
  /** Sets the price of a SKU and answers what the channel shows then, in the channel's currency. */
  publish_price: Verb<
    { sku: string; amount: string; currency: string; compareAt?: string },
    { amount: string; compareAt?: string }
  >;
}

/** What a channel shows of a product; absent where it cannot be set there for this SKU alone. */
export interface ProductShown {
  title?: string;
  active?: boolean;
  gtin?: string;
}

/** What a channel that shows our products can be told of them. */
export interface ProductServices {
  /** Sets what is shown of a SKU and answers what the channel shows then. */
  publish_product: Verb<{ sku: string; title: string; active: boolean; gtin?: string }, ProductShown>;
}

export interface NotificationServices {
  notify_customer: Verb<Notice, { messageId: string }>;
}

/** One page of a list; `next` leads to the page after it and is absent on the last. */
export interface Page<Item> {
  items: Item[];
  next?: string;
}

/** What a system has of an item at a place. */
export interface ListedStock {
  sku: string;
  /** The place as the system names it. */
  place: string;
  quantity: number;
  /** Names the item in a request for it alone. */
  ref: string;
}

/** `places` are the system's own names of the estate's locations, `refs` narrow the list to items of an earlier one. */
export interface StockListInput {
  places: readonly string[];
  refs?: readonly string[];
  cursor?: string;
}

/** What moved a payment system's balance. */
export interface BalanceEntry {
  id: string;
  type: 'charge' | 'refund' | 'other';
  /** The capture or refund it is of, as that call answered it. */
  reference: string;
  /** The channel's order it belongs to, where the system says. */
  order?: string;
  /** Above zero for either, in the currency of the payment; empty where the system does not say. */
  amount: string;
  currency: string;
  /** Where `amount` is what a rate of exchange makes of what was settled. */
  exchanged?: Exchanged;
  at: string;
}

export interface Exchanged {
  /** The charge or refund that the entry is of, or a part of. */
  whole: string;
  /** By so much the digits of the rate and the smallest unit leave the entry's amount open. */
  margin: string;
}

export interface ListedPosting {
  documentId: string;
  documentNumber: string;
  /** The posting key; empty where the document is not of ours. */
  postingKey: string;
  type: 'invoice' | 'credit_memo' | 'journal';
  amount: string;
  currency: string;
  subsidiary: string;
  at: string;
}

/** An order as the channel's own list has it. */
export interface ListedOrder {
  externalId: string;
  number: string;
  /** UTC. */
  placedAt: string;
  total: string;
  currency: string;
  test: boolean;
  cancelled: boolean;
}

/** Orders placed in [from, to), or those of some ids whenever they were placed. */
export type OrderListInput = ({ from: string; to: string } | { ids: readonly string[] }) & { cursor?: string };

/** What a channel is asked about orders that it did not tell us of. */
export interface OrderSourceServices {
  /** The order in the form in which the channel would have told of it. */
  fetch_order: Verb<{ externalId: string }, { topic: string; body: string }>;
}

/** What systems are asked when their figures are held against ours. None of it has an effect. */
export interface ReconciliationServices {
  list_stock: Verb<StockListInput, Page<ListedStock>>;
  /** `from` and `to` are RFC 3339; a system that cannot narrow the time answers the newest first until it is passed. */
  list_balance: Verb<{ from: string; to: string; cursor?: string }, Page<BalanceEntry>>;
  list_postings: Verb<{ from: string; cursor?: string }, Page<ListedPosting>>;
  list_orders: Verb<OrderListInput, Page<ListedOrder>>;
}

/** What a payment system is asked of a payout that it tells of. */
export interface PayoutServices {
  /** What it is made of, page by page, in the currency that it is paid in; the transfer itself is none of it. */
  list_payout: Verb<{ payoutId: string; currency: string; cursor?: string }, Page<Omit<PayoutLine, 'row'>>>;
}

/** What a service desk can be told of an order: one ticket an order, which carries its latest state. */
export interface ServiceDeskServices {
  put_ticket: Verb<
    {
      orderKey: string;
      orderNumber: string;
      state: 'stopped' | 'held' | 'well';
      /** The same for the same state of the order, so that a repeat is recognised. */
      stateId: string;
      /** Error class of the case that stops it, empty where none does. */
      caseClass: string;
      /** For the staff, not for the customer. */
      note: string;
    },
    { ticketId: string }
  >;
}

export type Services = Partial<
  ErpServices &
    WmsServices &
    TaxServices &
    FraudServices &
    PaymentServices &
    ChannelServices &
    AccountServices &
    PriceServices &
    ProductServices &
    CustomerServices &
    ReturnServices &
    NotificationServices &
    PayoutServices &
    ServiceDeskServices &
    SubscriptionServices &
    OrderSourceServices &
    ReconciliationServices
>;
export type VerbName = keyof Services;

type VerbCalled<V extends VerbName> = NonNullable<Services[V]>;
/** What a verb is asked. */
export type VerbInput<V extends VerbName> = Parameters<VerbCalled<V>['prepare']>[0];
/** What it answers. */
export type VerbOutput<V extends VerbName> = ReturnType<VerbCalled<V>['read']>;
