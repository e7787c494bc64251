import type { Estate } from '#contracts/v1/estate.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { Shipment } from '#contracts/v1/fulfilment.ts';
import type { Kinds } from '../../connectors/kinds.ts';
import { booksAt } from '../../books.ts';
import type { BackorderBook } from '../../backorders/backorder-book.ts';
import type { Documents } from '../../documents.ts';
import type { MasterData } from '../../master/master-data.ts';
import type { ReturnableOrders } from '../../returns/returnable-orders.ts';
import type { StockClient } from '../../stock/client.ts';
import type { MessageData, MessageEnv } from '../message.ts';
import type { ToldParcel } from './parcels.ts';
import type { RemainingLine } from './rules/lines-remaining.ts';
import type { Flow, InlineStep, CallStep, View, WaitStep } from '../flow.ts';

/** A shipment as the checkpoint keeps it. */
export type Shipped = Pick<
  Shipment,
  'shipment_id' | 'location' | 'carrier' | 'tracking_number' | 'shipped_at' | 'lines'
> & {
  /** `n` of the allocation it was shipped for; the first where absent. */
  allocation?: number;
  /** As its warehouse told it. Absent in checkpoints of before: under the same number then, by whichever warehouse. */
  told?: ToldParcel;
};

/** What one location is to ship of the order. */
export interface Allocation {
  /** Counts every allocation the order ever had, from 1: its reference is never used for another one. */
  n: number;
  location: string;
  lines: RemainingLine[];
  /** The warehouse's number of it, once released. */
  wms_order: string;
  /** The warehouse gave it back: it ships nothing of it, and its stock is to be set aside anew. */
  withdrawn?: boolean;
  /** Withdrawn on paper alone: its warehouse knows of it and, being only observed, was not asked. */
  unasked?: boolean;
}

export interface Reroute {
  n: number;
  to: string;
}
export const NO_REROUTE: Reroute = { n: 0, to: '' };

/** Outputs of order_to_cash so far. */
export interface OrderData extends MessageData {
  /** INTAKE sequence of the message the transaction began with. */
  intake_seq: number;
  /** Where the received payload in force lies: version 1 on INTAKE, corrections on PAYLOADS. */
  received: { intake_seq: number } | { document_seq: number };
  /** Estate id of the system it came from. */
  source: string;
  /** Why nothing is done for this order, as its connector says. */
  left_alone?: string;
  /** PAYLOADS sequence of the canonical order in force; 0 where there is none. */
  canonical_seq: number;
  tier: Order['tier'];
  /** Of the first allocation. */
  location: string;
  /** Absent in checkpoints written before orders could be shared out: the whole order at `location`. */
  allocations?: Allocation[];
  /** The highest `n` given. */
  last_allocation?: number;
  /** What no location holds yet. */
  backordered?: RemainingLine[];
  /** What an operator moves: allocation `n`, or with 0 what is not allocated yet, to another location. */
  reroute?: Reroute;
  acknowledged_id: string;
  erp_order: { id: string; number: string };
  wms_order: string;
  shipments: Shipped[];
  /** Units still to be shipped after the last shipment. */
  units_remaining: number;
  captures: { shipment_id: string; amount: string; id: string }[];
  delivered: { shipment_id: string; at: string }[];
  invoice: { id: string; number: string; posted_at?: string };
  /** Fingerprint of the lines that are reserved, to tell whether a correction changed them. */
  reserved_lines: string;
  /** The canonical order in force has other lines than those reserved. */
  lines_changed: boolean;
  /** The tax service did not answer in time: it is asked once more. */
  tax_unchecked?: boolean;
}

export const emptyOrderData = (source: string, intakeSeq: number): OrderData => ({
  intake_seq: intakeSeq,
  received: { intake_seq: intakeSeq },
  source,
  canonical_seq: 0,
  tier: 'standard',
  location: '',
  acknowledged_id: '',
  erp_order: { id: '', number: '' },
  wms_order: '',
  shipments: [],
  units_remaining: 0,
  captures: [],
  delivered: [],
  invoice: { id: '', number: '' },
  reserved_lines: '',
  lines_changed: false,
});

/** What the steps of the order flow may use. */
export interface OrderEnv extends MessageEnv {
  /** How each system's orders are read, which systems ask instead of being told, and which tell of deliveries. */
  kinds: Pick<Kinds, 'orderFormat' | 'isPulled' | 'tellsDelivery'>;
  documents: Pick<Documents, 'read' | 'keep' | 'received'>;
  master: Pick<MasterData, 'product' | 'mapping'>;
  stock: Pick<StockClient, 'reserveOrder' | 'unreserveOrder' | 'releaseOrder' | 'commitShipment' | 'positions'>;
  /** Orders that wait for stock. */
  backorders: Pick<BackorderBook, 'wait' | 'end'>;
  returnable: Pick<ReturnableOrders, 'keep'>;
}

export type OrderView = View<OrderData>;
export type OrderInline = InlineStep<OrderData, OrderEnv>;
export type OrderCall = CallStep<OrderData, OrderEnv>;
export type OrderWait = WaitStep<OrderData, OrderEnv>;
export type OrderFlow = Flow<OrderData, OrderEnv>;

/** The canonical order of the payload version in force. */
export const orderOf = (view: OrderView, env: OrderEnv): Promise<Order> =>
  env.documents.read<Order>(view.data.canonical_seq);

/** The shipment being processed: the last one that was confirmed. @throws before there is one. */
export function currentShipment(view: OrderView): Shipped {
  const shipment = view.data.shipments.at(-1);
  if (shipment === undefined) throw new Error(`order ${view.key} has no shipment yet`);
  return shipment;
}

export const channelOf = (view: View<unknown>) =>
  declared(view.estate.channels, view.state.dimensions.channel, 'channel');
export const legalEntityOf = (view: View<unknown>) =>
  declared(view.estate.legal_entities, view.state.dimensions.legal_entity, 'legal entity');
/** The books an order is kept in: those in force when it was placed. */
export const booksOf = (view: View<unknown>) =>
  booksAt(legalEntityOf(view), 'orders', view.state.dimensions.occurred_at);
export const erpOf = (view: View<unknown>): string => booksOf(view).erp;

/** @throws where the estate no longer declares what a transaction under way refers to. */
function declared<T extends { id: string }>(list: readonly T[], id: string, what: string): T {
  const found = list.find((item) => item.id === id);
  if (found === undefined) throw new Error(`the estate no longer declares the ${what} "${id}"`);
  return found;
}

/** The only system of a role, where the estate has one. */
export const systemOfRole = (estate: Estate, role: Estate['systems'][number]['role']): string | undefined =>
  estate.systems.find((system) => system.role === role)?.id;
