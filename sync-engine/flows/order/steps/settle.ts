import { stockReferences } from '../allocations.ts';
import { orderOf, type OrderInline } from '../order-data.ts';

/** Everything the order owed is shipped, taken, delivered and posted. What its returns will need of it is kept. */
export const settle: OrderInline = {
  kind: 'inline',
  name: 'settle',
  next: () => 'settle',
  run: async (view, env) => {
    const { data } = view;
    // Where another location shipped what one had set aside, that one has it back.
    if ((data.last_allocation ?? 1) > 1)
      await Promise.all(stockReferences(view).map((reference) => env.stock.unreserveOrder(reference)));
    if (data.shipments.length > 0) await env.returnable.keep(view.key, await orderOf(view, env), data);
    return {
      status: 'completed',
      finish: true,
      attributes: { shipments: String(data.shipments.length), captures: String(data.captures.length) },
    };
  },
  dryRun: async () => ({ status: 'passed', note: '' }),
};
