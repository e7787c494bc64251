import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Price, StockChange } from '#contracts/v1/catalogue.ts';
import type { Customer } from '#contracts/v1/customer.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Shipment } from '#contracts/v1/fulfilment.ts';
import type { IntakeHeaders } from '#contracts/v1/intake.ts';
import type { Payout } from '#contracts/v1/payout.ts';
import type { StoreBatch } from '#contracts/v1/store.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';
import type { IntakeDomain } from '#contracts/v1/subjects.ts';
import type { Payload } from './payload-schema.ts';
import type { Canonicalised, CanonicaliseContext, LeftAlone } from './reading.ts';
import type { PaymentNews } from './payment-news.ts';
import type { ReturnMessage } from './return-message.ts';

/** The little that must be known of an order before it is understood: enough to give its transaction a name. */
export interface Glimpse {
  externalId?: string;
  number?: string;
  /** UTC. */
  placedAt?: string;
  currency?: string;
  /** Total of the order, in `currency`. */
  total?: string;
  cancelReason?: string;
}

/** How a kind of system writes an order. All of it is pure. */
export interface OrderFormat {
  /** Never throws: what cannot be read is left out. */
  glimpse: (bytes: Uint8Array) => Glimpse;
  /** The canonical order, problems that point into the received payload, or why nothing is done for it. */
  canonicalise: (raw: string | Buffer, context: CanonicaliseContext) => Canonicalised | LeftAlone;
  /** What a later version says otherwise than an earlier one, by JSON Pointer, of all that we carry. */
  edits?: (earlier: Uint8Array, later: Uint8Array) => string[];
  /** What a received order is held against, where it is JSON. */
  payload?: Payload;
}

/** What reading a message needs to know besides its bytes. */
export interface MessageContext {
  estate: Estate;
  /** Estate id of the system it came from. */
  system: string;
  headers: IntakeHeaders;
  /** Target of the system's code, undefined where there is none. */
  mapping: (kind: MappingKind, code: string) => string | undefined;
}

/** A canonical message, or what is wrong with the received one. */
export type Reading<T> = { message: T } | { problems: CaseProblem[] };
type Read<T> = (body: Uint8Array, context: MessageContext) => Reading<T>;

export interface Delivery {
  orderKey: string;
  shipmentId: string;
  deliveredAt: string;
}

/** A parcel of an order as the channel shows it, whoever sent it. */
export interface ChannelParcel {
  /** The channel's own number of it. */
  parcel: string;
  orderKey: string;
  /** JSON Pointer to the order's reference in the received message. */
  orderPath: string;
  /** Its tracking number, or what stands in that place. */
  reference: string;
  at: string;
  /** Why there is nothing to do for it. */
  superseded?: string;
}

/** Stock of an item as a channel shows it, whoever changed it. */
export interface ChannelStock {
  /** The channel's own names of the item and the place. */
  item: string;
  place: string;
  quantity: number;
  at: string;
}

/** That a payment system pays out; what of, it is asked. */
export interface PayoutNotice {
  payoutId: string;
  /** `paid` once its items can be listed, too. */
  state: 'announced' | 'paid' | 'failed';
  /** Does the system say which payments are in it? */
  itemised: boolean;
  total: string;
  currency: string;
  at: string;
  /** Why it failed. */
  reason: string;
}

/** What a carrier says of one parcel. */
export interface Tracking {
  trackingNumber: string;
  /** UTC; absent until it has arrived. */
  deliveredAt?: string;
}

/**
 * Whose batch it is and which, where that much can be read of one that is wrong: those behind it need not wait for its
 * correction. Never throws.
 */
type NumberOf = (body: Uint8Array) => { store: string; sequence: number } | undefined;

interface Message<Means, T> {
  means: Means;
  read: Read<T>;
  /** What a received message is held against, where it is JSON. */
  payload?: Payload;
  /** The engine makes it of what it received: a webhook with it is refused. */
  derived?: true;
}

/** Shipments that one message tells of, read with what was released under the numbers it names. */
interface ShipmentsMessage {
  means: 'shipments';
  read: (body: Uint8Array, context: ShipmentsContext) => Promise<Reading<Shipment[]>>;
}

export interface ShipmentsContext extends MessageContext {
  /** What was released under the number a warehouse knows it by; undefined for one that is none of ours. */
  released(number: string): Promise<ReleasedOrder | undefined>;
}

/** What was released to a warehouse under one number. */
export interface ReleasedOrder {
  orderKey: string;
  location: string;
  lines: readonly { line_id: string; sku: string; quantity: number }[];
}

/** What a message means to the flows, whoever sent it, and how it is read. */
export type Topic =
  | { means: 'order_placed' | 'order_updated' | 'order_cancelled' }
  | Message<'shipment', Shipment>
  | ShipmentsMessage
  | Message<'delivery', Delivery>
  | Message<'tracking', Tracking>
  | Message<'channel_parcel', ChannelParcel>
  | Message<'channel_stock', ChannelStock>
  | Message<'stock_change', StockChange>
  | Message<'stock_changes', StockChange[]>
  | (Message<'store_batch', StoreBatch> & { number: NumberOf })
  | Message<'price', Price>
  | Message<'customer', Customer>
  | Message<'payment', PaymentNews>
  | Message<'payout', Payout>
  | Message<'payout_notice', PayoutNotice>
  | Message<'return_request', ReturnMessage>
  | Message<'return_receipt', ReturnMessage>
  | { means: 'master_data' };
export type Meaning = Topic['means'];
export type TopicOf<M extends Meaning> = Extract<Topic, { means: M }>;

/** Whose consumers take it: a flood in one domain cannot starve another. */
export const domainOf: Readonly<Record<Meaning, IntakeDomain>> = {
  order_placed: 'order',
  order_updated: 'order',
  order_cancelled: 'order',
  shipment: 'fulfilment',
  shipments: 'fulfilment',
  delivery: 'fulfilment',
  tracking: 'fulfilment',
  channel_parcel: 'fulfilment',
  channel_stock: 'stock',
  stock_change: 'stock',
  stock_changes: 'stock',
  store_batch: 'store',
  price: 'price',
  customer: 'customer',
  payment: 'payment',
  payout: 'payout',
  payout_notice: 'payout',
  return_request: 'return',
  return_receipt: 'return',
  master_data: 'master',
};
