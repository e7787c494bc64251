import { formatCents, parseCents } from '../../amount.ts';
import type { Collection } from '../../store.ts';
import { isObject, listAt, type JsonObject, type VendorContext } from '../vendor.ts';
import { idText, parseExact } from './ids.ts';

export interface ShopTransaction {
  id: number;
  kind: 'authorization' | 'capture' | 'void' | 'sale' | 'refund';
  gateway: string;
  cents: number;
  parentId: number | null;
  createdAt: string;
}

export interface ShopFulfilment {
  id: number;
  createdAt: string;
  company: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  lines: { id: string; quantity: number }[];
}

export interface ShopRefund {
  id: number;
  createdAt: string;
  note: string;
  lines: {
    id: string;
    quantity: number;
    restockType: string;
    locationId: string | null;
    subtotalCents: number;
    taxCents: number;
  }[];
  shippingCents: number;
  /** Ids of the transactions that gave money back. */
  transactions: number[];
}

export interface ShopOrder {
  id: string;
  name: string;
  createdAt: string;
  currency: string;
  /** Authorised cents; null for an order the shop learnt of only by being asked about it. */
  authorisedCents: number | null;
  gateway: string;
  transactions: ShopTransaction[];
  fulfillmentOrderId: number;
  fulfilments: ShopFulfilment[];
  lines: { id: string; sku: string; quantity: number; fulfilled: number }[];
  tags: string;
  noteAttributes: unknown;
  cancelledAt: string | null;
  cancelReason: string | null;
  /** Captures refused because they exceeded what was authorised: duplicates that were prevented here. */
  refusedCaptures: number;
  /** Absent in orders of before shops knew refunds. */
  refunds?: ShopRefund[];
  /** Refunds refused because they exceeded what was bought or paid: duplicates that were prevented here. */
  refusedRefunds?: number;
}

/** State of one simulated shop. Bodies are kept apart, since they never change and are large. */
export interface Shop {
  orders: Collection<ShopOrder>;
  bodies: Collection<string>;
  /** Takes an order as placed by a customer: the webhook's body, and the part paid with gift cards. */
  place(bodyText: string, giftCents?: number): ShopOrder;
  /** The order, or one adopted on the spot: orders may be sent to the intake by hand. */
  order(id: string): ShopOrder | undefined;
  orderOfFulfillmentOrder(id: string): ShopOrder | undefined;
  save(order: ShopOrder): void;
  addTransaction(
    order: ShopOrder,
    fields: Pick<ShopTransaction, 'kind' | 'gateway' | 'cents' | 'parentId'>,
  ): ShopTransaction;
}

export function createShop(context: VendorContext): Shop {
  const { system, store, book } = context;
  const orders = store.collection<ShopOrder>(`${system.id}.orders`, 30_000);
  const bodies = store.collection<string>(`${system.id}.bodies`, 5_000);
  const byFulfillmentOrder = new Map<string, string>();
  for (const order of orders.values()) byFulfillmentOrder.set(String(order.fulfillmentOrderId), order.id);

  const keep = (order: ShopOrder) => {
    byFulfillmentOrder.set(String(order.fulfillmentOrderId), order.id);
    orders.put(order.id, order);
    return order;
  };
  const addTransaction: Shop['addTransaction'] = (order, fields) => {
    const transaction = { id: context.nextId(), createdAt: new Date().toISOString(), ...fields };
    order.transactions.push(transaction);
    return transaction;
  };
  const blank = (id: string): ShopOrder => ({
    id,
    name: `#${id}`,
    createdAt: new Date().toISOString(),
    currency: '',
    authorisedCents: null,
    gateway: 'shopify_payments',
    transactions: [],
    fulfillmentOrderId: context.nextId(),
    fulfilments: [],
    lines: [],
    tags: '',
    noteAttributes: [],
    cancelledAt: null,
    cancelReason: null,
    refusedCaptures: 0,
  });

  return {
    orders,
    bodies,
    addTransaction,
    save: (order) => orders.put(order.id, order),
    place: (bodyText, giftCents = 0) => {
      const body = parseExact(bodyText);
      if (!isObject(body) || idText(body['id']) === '') throw new TypeError('an order needs an id');
      const order = fill(blank(idText(body['id'])), body);
      order.authorisedCents = (parseCents(body['total_price']) ?? 0) - giftCents;
      if (giftCents > 0)
        addTransaction(order, { kind: 'sale', gateway: 'gift_card', cents: giftCents, parentId: null });
      addTransaction(order, {
        kind: 'authorization',
        gateway: order.gateway,
        cents: order.authorisedCents,
        parentId: null,
      });
      bodies.put(order.id, bodyText);
      return keep(order);
    },
    order: (id) => {
      const known = orders.get(id);
      if (known !== undefined && known.lines.length > 0) return known;
      if (!/^\d{1,20}$/.test(id)) return undefined;
      const order = known ?? blank(id);
      order.lines = book
        .linesOf(id)
        .map((line) => ({ id: line.line_id, sku: line.sku, quantity: line.quantity, fulfilled: 0 }));
      return keep(order);
    },
    orderOfFulfillmentOrder: (id) => {
      const orderId = byFulfillmentOrder.get(id);
      return orderId === undefined ? undefined : orders.get(orderId);
    },
  };
}

function fill(order: ShopOrder, body: JsonObject): ShopOrder {
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '');
  order.name = text('name') || order.name;
  order.createdAt = text('created_at') || order.createdAt;
  order.currency = text('currency');
  order.tags = text('tags');
  order.noteAttributes = body['note_attributes'] ?? [];
  order.cancelledAt = text('cancelled_at') || null;
  order.cancelReason = text('cancel_reason') || null;
  order.lines = listAt(body, 'line_items').map((line) => ({
    id: idText(line['id']),
    sku: idText(line['sku']),
    quantity: Number(line['quantity']),
    fulfilled: 0,
  }));
  return order;
}

const sum = (order: ShopOrder, kind: ShopTransaction['kind']) =>
  order.transactions.reduce((total, item) => (item.kind === kind ? total + item.cents : total), 0);

/** What can still be captured; Infinity where the shop does not know what was authorised. */
export function remainingCents(order: ShopOrder): number {
  if (order.transactions.some((item) => item.kind === 'void')) return 0;
  return order.authorisedCents === null ? Infinity : order.authorisedCents - sum(order, 'capture');
}

/** An order's money and parcels in a line, for inspection. */
export function summarise(order: ShopOrder) {
  return {
    id: order.id,
    name: order.name,
    acknowledged: order.tags !== '' || (Array.isArray(order.noteAttributes) && order.noteAttributes.length > 0),
    authorised: order.authorisedCents === null ? null : formatCents(order.authorisedCents),
    captures: order.transactions.filter((item) => item.kind === 'capture').map((item) => formatCents(item.cents)),
    captured: formatCents(sum(order, 'capture')),
    voided: order.transactions.some((item) => item.kind === 'void'),
    refused_captures: order.refusedCaptures,
    fulfilments: order.fulfilments.map((item) => ({
      id: item.id,
      tracking_number: item.trackingNumber,
      lines: item.lines,
    })),
    refunds: (order.refunds ?? []).map((item) => ({
      id: item.id,
      note: item.note,
      lines: item.lines.map(({ id, quantity }) => ({ id, quantity })),
      amount: formatCents(
        order.transactions.reduce(
          (total, { id, cents }) => (item.transactions.includes(id) ? total + cents : total),
          0,
        ),
      ),
    })),
    refunded: formatCents(sum(order, 'refund')),
    refused_refunds: order.refusedRefunds ?? 0,
    cancelled: order.cancelledAt !== null,
  };
}
