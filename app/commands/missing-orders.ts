import { z } from 'zod';
import { reconciliationId } from '#contracts/v1/reconciliation.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { formatNumber } from '#app/format.ts';
import { presentMissingOrders } from '#app/presenters/missing-orders.ts';
import { missingOrders, missingOrderTotals } from '#app/queries/missing-orders.ts';
import { readBreakFilter } from '#app/reconciliation/filters.ts';
import { fetchLimit } from '#app/reconciliation/paths.ts';
import type { AppContext } from '#app/server/context.ts';
import { inParallel } from '#platform/in-parallel.ts';
import { messageOf } from './order.ts';
import type { ReconciliationResult } from './reconciliation.ts';

interface Asked {
  context: Pick<AppContext, 'command' | 'estate' | 'rates' | 'read'>;
  viewer: Viewer;
  form: FormData;
}

const forms = z.union([
  z.object({ break: reconciliationId, revision: z.coerce.number().int().positive() }),
  // What was shown when it was confirmed: of what has changed since, the person is told first.
  z.object({ search: z.string().max(4000), orders: z.coerce.number().int().positive(), amount: z.string() }),
]);

/** So many commands are under way at once: each waits for the channel's answer. */
const IN_FLIGHT = 8;

const said = (ok: boolean, message: string): ReconciliationResult => ({ ok, intent: 'fetch', message });

/**
 * Has one order that never arrived fetched and sent through, or all that the filters of an address leave. Each is a
 * command of its own on the revision that was read; the viewer's permission has been checked.
 */
export async function fetchMissingOrders({ context, viewer, form }: Asked): Promise<ReconciliationResult> {
  const parsed = forms.safeParse(Object.fromEntries(form));
  if (!parsed.success) return said(false, 'The form was not understood. Reload the page and try again.');
  const actor = { id: viewer.email, roles: [...viewer.roles] };
  const fetchOne = (break_id: string, revision: number) =>
    context.command('break.fetch', { actor, break_id, revision });
  if ('break' in parsed.data) {
    const reply = await fetchOne(parsed.data.break, parsed.data.revision);
    return said(reply.ok, messageOf(reply, context.estate));
  }
  const filter = readBreakFilter(new URLSearchParams(parsed.data.search));
  const now = presentMissingOrders(await context.read(missingOrderTotals, filter), context.rates.today());
  if (now.orders !== parsed.data.orders || now.value.amount !== parsed.data.amount)
    return said(
      false,
      `Meanwhile ${formatNumber(now.orders)} ${now.orders === 1 ? 'is' : 'are'} missing: look at them, then decide.`,
    );
  const rows = await context.read(missingOrders, { ...filter, limit: fetchLimit });
  const refused: string[] = [];
  await inParallel(rows, IN_FLIGHT, async ({ break_id, revision }) => {
    const reply = await fetchOne(break_id, revision);
    if (!reply.ok) refused.push(messageOf(reply, context.estate));
  });
  const done = rows.length - refused.length;
  const words = `${formatNumber(done)} ${done === 1 ? 'order was' : 'orders were'} fetched and sent through.`;
  if (refused.length === 0) return said(true, words);
  return said(false, `${words} ${formatNumber(refused.length)} not: ${[...new Set(refused)].slice(0, 3).join(' ')}`);
}
