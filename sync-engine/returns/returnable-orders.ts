import type { Order } from '#contracts/v1/order.ts';
import type { Documents } from '../documents.ts';
import type { OrderData } from '../flows/order/order-data.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';

/** What a return must know of its order. */
export interface ReturnableOrder {
  order: Order;
  /** Units that left, by line. */
  shipped: Map<string, number>;
  /** Parcels that left: each may have cost a rounding of what was captured. */
  shipments: number;
  /** Amounts captured for them. */
  captured: string[];
  location: string;
  invoiceId: string;
}

/** Orders as their returns see them. */
export interface ReturnableOrders {
  /** Undefined where there is none, or none that is understood yet. */
  find(key: string): Promise<ReturnableOrder | undefined>;
}

export function returnableOrders(
  log: Pick<TransactionLog, 'reload'>,
  documents: Pick<Documents, 'read'>,
): ReturnableOrders {
  return {
    find: async (key) => {
      const head = await log.reload<OrderData>('order_to_cash', key);
      if (head === undefined || head.state.data.canonical_seq === 0) return undefined;
      const { canonical_seq, shipments, captures, location, invoice } = head.state.data;
      const shipped = new Map<string, number>();
      for (const { line_id, quantity } of shipments.flatMap(({ lines }) => lines))
        shipped.set(line_id, (shipped.get(line_id) ?? 0) + quantity);
      return {
        order: await documents.read<Order>(canonical_seq),
        shipped,
        shipments: shipments.length,
        captured: captures.map(({ amount }) => amount),
        location,
        invoiceId: invoice.id,
      };
    },
  };
}
