import { type buildAmazonOrder, secondsOf } from '../../amazon-order.ts';
import type { Collection } from '../../store.ts';
import type { VendorContext } from '../vendor.ts';

type Built = ReturnType<typeof buildAmazonOrder>;

export interface Confirmation {
  packageReferenceId: string;
  carrierCode: string;
  trackingNumber: string;
  items: { orderItemId: string; quantity: number }[];
  /** How often it was sent again under the same number. */
  edits: number;
}

export interface MarketOrder {
  id: string;
  order: Built['order'];
  items: Built['items'];
  /** When it last changed, to the millisecond; Amazon shows the second. */
  changedAt: string;
  confirmations: Confirmation[];
}

/** The orders of one simulated marketplace. */
export interface Market {
  orders: Collection<MarketOrder>;
  /** Takes an order as a buyer placed it; `Pending` until its payment is settled, unless said otherwise. */
  place(built: Built, options?: { status?: string; at?: Date }): MarketOrder;
  /** Changes an order, now or at a moment of the past. */
  change(id: string, change: Partial<Built['order']>, at?: Date): void;
  confirm(order: MarketOrder, confirmation: Omit<Confirmation, 'edits'>): string | undefined;
}

export function createMarket({ system, store }: VendorContext): Market {
  const orders = store.collection<MarketOrder>(`${system.id}.orders`, 30_000);
  const touch = (record: MarketOrder, at: Date) => {
    record.changedAt = at.toISOString();
    record.order.LastUpdateDate = secondsOf(at);
    orders.put(record.id, record);
  };
  return {
    orders,
    place: ({ order, items }, { status = 'Unshipped', at = new Date() } = {}) => {
      const id = order.AmazonOrderId;
      const record = { id, order: { ...order, OrderStatus: status }, items, changedAt: '', confirmations: [] };
      touch(record, at);
      return record;
    },
    change: (id, change, at = new Date()) => {
      const record = orders.get(id);
      if (record === undefined) throw new Error(`no order ${id}`);
      Object.assign(record.order, change);
      if (change.OrderStatus === 'Canceled') for (const item of record.items) item.QuantityOrdered = 0;
      touch(record, at);
    },
    confirm: (record, { packageReferenceId, ...details }) => {
      const known = record.confirmations.find((one) => one.packageReferenceId === packageReferenceId);
      const others = record.confirmations.filter((one) => one !== known);
      const shippedOf = (id: string) =>
        [...others, details]
          .flatMap(({ items }) => items)
          .reduce((sum, one) => sum + (one.orderItemId === id ? one.quantity : 0), 0);
      for (const { orderItemId } of details.items) {
        const item = record.items.find(({ OrderItemId }) => OrderItemId === orderItemId);
        if (item === undefined) return `The order has no item ${orderItemId}.`;
        if (shippedOf(orderItemId) > item.QuantityOrdered) return `More of item ${orderItemId} than was ordered.`;
      }
      record.confirmations = [
        ...others,
        { packageReferenceId, ...details, edits: known === undefined ? 0 : known.edits + 1 },
      ];
      for (const item of record.items) item.QuantityShipped = shippedOf(item.OrderItemId);
      const open = record.items.reduce((sum, item) => sum + item.QuantityOrdered - item.QuantityShipped, 0);
      record.order.OrderStatus = open === 0 ? 'Shipped' : 'PartiallyShipped';
      record.order.NumberOfItemsUnshipped = open;
      record.order.NumberOfItemsShipped = record.items.reduce((sum, item) => sum + item.QuantityShipped, 0);
      touch(record, new Date());
      return undefined;
    },
  };
}
