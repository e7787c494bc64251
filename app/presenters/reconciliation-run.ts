import { reconciliationRunById } from '#app/queries/reconciliation.ts';
import type { AppContext } from '#app/server/context.ts';
import { estateNames, systemName } from '#app/words/names.ts';
import { subjectWords } from '#app/words/reconciliation.ts';
import { presentRun } from './reconciliation.ts';

/** One run: what it held against whom, and what that came to. @throws Response 404 where nobody knows it (yet) */
export async function presentReconciliationRun(context: AppContext, id: string) {
  const [row] = await context.read(reconciliationRunById, { run: id });
  if (row === undefined) throw new Response('There is no such comparison.', { status: 404 });
  const names = estateNames(context.estate);
  return {
    ...presentRun(row, names),
    transaction: row.key,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    groups: row.groups.map((group) => ({
      key: JSON.stringify([
        group.subject,
        group.system,
        group.location,
        group.channel,
        group.method,
        group.currency,
        group.legal_entity,
      ]),
      subject: subjectWords(group.subject),
      system: systemName(names, group.system),
      place: names.locations[group.location] ?? group.location,
      channel: names.channels[group.channel]?.name ?? group.channel,
      entity: names.entities[group.legal_entity] ?? group.legal_entity,
      method: group.method,
      currency: group.currency,
      compared: group.compared,
      agreeing: group.agreeing,
      undecided: group.undecided,
      ours: group.ours,
      theirs: group.theirs,
    })),
  };
}
export type ReconciliationRunView = Awaited<ReturnType<typeof presentReconciliationRun>>;
export type GroupLine = ReconciliationRunView['groups'][number];
