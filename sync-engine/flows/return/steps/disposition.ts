import { createHash } from 'node:crypto';
import type { StockChange } from '#contracts/v1/catalogue.ts';
import { goodsOf, type ReturnInline, type ReturnView } from '../return-data.ts';

/** Puts what can be sold again back into stock, where it lies; the rest leaves for the scrap heap or its maker. */
export const disposition: ReturnInline = {
  kind: 'inline',
  name: 'disposition',
  next: () => 'approve_refund',
  run: async (view, env) => {
    const changes = restocked(view);
    for (const change of changes) await env.stock.change(change, view.state.dimensions.origin);
    const units = (wanted: string) =>
      String(view.data.lines.reduce((sum, line) => (line.disposition === wanted ? sum + line.quantity : sum), 0));
    return {
      status: 'completed',
      attributes: { restock: units('restock'), scrap: units('scrap'), vendor: units('vendor') },
    };
  },
};

function restocked(view: ReturnView): StockChange[] {
  const { at, location, system, version } = goodsOf(view);
  // A channel that says nothing of a place has put nothing anywhere.
  if (location === '') return [];
  return view.data.lines.flatMap(({ line_id, sku, quantity, disposition: wanted }) =>
    wanted === 'restock'
      ? [
          {
            schema_version: 1 as const,
            change_id: `return-${createHash('sha256').update(`${view.key}:${line_id}`).digest('hex').slice(0, 32)}`,
            source: system,
            sku,
            location,
            reason: 'return' as const,
            quantity,
            version,
            occurred_at: at,
          },
        ]
      : [],
  );
}
