import { amazonOrderId } from '../../amazon-order.ts';
import { buildSettlementReport } from '../../amazon-settlement.ts';
import type { VendorContext } from '../vendor.ts';
import { putFile } from '../x12/folder.ts';
import type { Market } from './market.ts';

const SHORT_CENTS = 500;

/** Pays the seller out, as Amazon does every two weeks. */
export interface Payouts {
  /** Settles what was shipped since the last time, and leaves the report in the seller's folder; its number, if any. */
  payOut: () => Promise<string | undefined>;
  count(): number;
}

export function createPayouts({ system, store, conditions, nextId }: VendorContext, market: Market): Payouts {
  const settled = store.collection<string>(`${system.id}.settled`);
  const paid = store.collection<string>(`${system.id}.payouts`);
  return {
    count: () => paid.size,
    payOut: async () => {
      const folder = system.settings['drop.in'];
      const due = [...market.orders.values()].filter(
        ({ id, order }) => order.OrderStatus === 'Shipped' && settled.get(id) === undefined,
      );
      if (folder === undefined || due.length === 0) return undefined;
      const id = String(nextId());
      const troubles = conditions.misstatesPayouts(system.id)
        ? { short: SHORT_CENTS, stranger: amazonOrderId(nextId()) }
        : {};
      await putFile(folder, `settlement-${id}.txt`, buildSettlementReport(due, { id, at: new Date(), troubles }));
      for (const order of due) settled.put(order.id, id);
      paid.put(id, new Date().toISOString());
      return id;
    },
  };
}
