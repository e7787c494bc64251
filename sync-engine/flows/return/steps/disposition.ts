import { restockChanges } from '../rules/restock.ts';
import { goodsOf, type ReturnInline } from '../return-data.ts';

/** Puts what can be sold again back into stock, where it lies; the rest leaves for the scrap heap or its maker. */
export const disposition: ReturnInline = {
  kind: 'inline',
  name: 'disposition',
  next: () => 'approve_refund',
  run: async (view, env) => {
    const changes = restockChanges(view.key, goodsOf(view), view.data.lines);
    for (const change of changes) await env.stock.change(change, view.state.dimensions.origin);
    const units = (wanted: string) =>
      String(view.data.lines.reduce((sum, line) => (line.disposition === wanted ? sum + line.quantity : sum), 0));
    return {
      status: 'completed',
      attributes: { restock: units('restock'), scrap: units('scrap'), vendor: units('vendor') },
    };
  },
};
