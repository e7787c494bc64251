import { transactionKey } from '#contracts/v1/key.ts';
import { may } from '#contracts/v1/permissions.ts';
import { reconciliationBreak } from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Viewer } from '#app/auth/viewer.ts';
import { maskText } from '#app/payloads/mask.ts';
import { breakById, type BreakRow, breakStory } from '#app/queries/reconciliation.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, systemName } from '#app/words/names.ts';
import { breakEventWord, breakWords } from '#app/words/reconciliation.ts';
import { readLast } from '#platform/nats/publish.ts';
import { presentBreak } from './reconciliation.ts';

/** The break as the engine has it, so that what was done a moment ago shows; ClickHouse has those long over. */
async function current(context: AppContext, id: string): Promise<BreakRow | undefined> {
  const last = /^[A-Za-z0-9_-]{1,100}$/.test(id)
    ? await readLast(context.jsm, streams.reconciliation, subjects.reconciliationBreak(id))
    : undefined;
  if (last !== undefined) return reconciliationBreak.parse(last.json());
  return (await context.read(breakById, { id }))[0];
}

/** One break: both sides, what to do, its story. @throws Response 404 where nobody knows it */
export async function presentBreakPage(context: AppContext, id: string, viewer: Viewer) {
  const [row, story] = await Promise.all([current(context, id), context.read(breakStory, { id })]);
  if (row === undefined) throw new Response('There is no such break.', { status: 404 });
  const names = estateNames(context.estate);
  const open = row.status === 'open';
  const mayWork = may(viewer.roles, 'breaks.work');
  return {
    ...presentBreak(row, names),
    revision: row.revision,
    ...breakWords[row.kind],
    order: may(viewer.roles, 'orders.read') ? orderOf(row) : '',
    firstRun: row.first_run,
    lastRun: row.last_run,
    sides: row.sides.map((side) => ({
      name: systemName(names, side.system),
      figure: side.figure,
      readAt: side.read_at,
      references: side.references,
    })),
    happenedAt: row.occurred_at,
    viewer: viewer.email,
    may: {
      work: open && mayWork,
      fetch: open && row.kind === 'order_never_arrived' && may(viewer.roles, 'cases.replay'),
      comment: mayWork,
      close: open && may(viewer.roles, row.domain === 'accounting' ? 'breaks.settle' : 'breaks.work'),
    },
    story: story.map((event) => ({
      id: event.event_id,
      word: breakEventWord(event.type),
      at: event.at,
      // A run goes by its id.
      run: ['opened', 'seen', 'reopened', 'healed'].includes(event.type) ? event.actor : '',
      actor: event.actor,
      note: maskText(event.type === 'assigned' && event.note === '' ? event.assignee : event.note),
      document: event.type === 'closed' ? event.document_number : '',
      difference: event.difference,
      currency: event.currency,
    })),
  };
}

/** The transaction it leads to: of an order that was missing, once it is here. */
function orderOf({ key, kind, status, system, reference }: BreakRow): string {
  if (kind === 'order_never_arrived') return status === 'healed' ? transactionKey(system, reference) : '';
  return kind === 'posting_unknown' ? '' : key;
}

export type BreakView = Awaited<ReturnType<typeof presentBreakPage>>;
