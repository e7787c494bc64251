import { z } from 'zod';
import { transactionKey } from '#contracts/v1/key.ts';
import type { Traffic } from './traffic.ts';
import type { World } from './world.ts';

export interface Returning {
  /** A customer sends one unit of a delivered order back, where there is one of which nothing has come back. */
  sendBack(): void;
  /** Returns that have not come to exactly one refund and one credit memo of the same amount once everything has settled. */
  unsettled(): string[];
}

const WAREHOUSE = 'wms-east';
const books = z.looseObject({ creditMemos: z.array(z.looseObject({ externalId: z.string(), total: z.number() })) });
const shop = z.looseObject({
  orders: z.array(
    z.looseObject({ id: z.string(), refunds: z.array(z.looseObject({ note: z.string(), amount: z.string() })) }),
  ),
});

/** Customers who send goods back, broken, so that the shelves stay as they were counted. */
export function createReturning(world: World, traffic: Traffic): Returning {
  const sent = new Map<string, string>();

  const unsettled = (): string[] => {
    const { creditMemos } = books.parse(world.simulator.state('netsuite')['netsuite']);
    const { orders } = shop.parse(world.simulator.state('shopify-us')['shopify-us']);
    return [...sent].flatMap(([key, orderId]) => {
      const credits = creditMemos.filter(({ externalId }) => externalId === `cm-${key}`);
      const refunds = orders
        .filter(({ id }) => id === orderId)
        .flatMap((order) => order.refunds.filter(({ note }) => note.includes(`[ref-${key}]`)));
      const same = credits[0]?.total.toFixed(2) === refunds[0]?.amount;
      return credits.length === 1 && refunds.length === 1 && same
        ? []
        : [`${key}: ${refunds.length} refunds, ${credits.length} credits`];
    });
  };

  return {
    sendBack: () => {
      const warehouse = world.simulator.systems.warehouses.get(WAREHOUSE);
      const returned = new Set(sent.values());
      for (const release of warehouse?.releases ?? []) {
        const order = traffic.placed.find(({ key }) => key === release.reference);
        const [line] = release.lines;
        if (release.status !== 'delivered' || order?.kind !== 'plain' || line === undefined) continue;
        if (returned.has(String(order.id))) continue;
        const receipt = warehouse?.receiveReturn({
          reference: release.reference,
          lines: [{ ...line, quantity: 1, condition: 'damaged', reason_code: 'damaged_in_transit' }],
        });
        if (receipt !== undefined) sent.set(transactionKey(WAREHOUSE, `return-${receipt}`), String(order.id));
        return;
      }
    },
    unsettled,
  };
}
