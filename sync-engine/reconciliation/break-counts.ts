import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { type ReconciliationBreak, reconciliationBreak, type ReconciliationRun } from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readNextOfLeader } from '#platform/nats/publish.ts';
import { readFrom } from '#platform/nats/read-from.ts';

/** Breaks by what a run made of them. */
export type BreakCounts = Pick<ReconciliationRun, 'opened' | 'seen_again' | 'healed'>;

const countedAs: Partial<Record<ReconciliationBreak['type'], keyof BreakCounts>> = {
  opened: 'opened',
  seen: 'seen_again',
  reopened: 'seen_again',
  healed: 'healed',
};

/** Counts what a run made of breaks, also before an engine that was killed left it to another one. */
export async function countBreaksOf(
  js: JetStreamClient,
  manager: JetStreamManager,
  runId: string,
  signal: AbortSignal,
): Promise<BreakCounts> {
  const counts: BreakCounts = { opened: 0, seen_again: 0, healed: 0 };
  const stream = streams.reconciliation;
  const begun = await readNextOfLeader(manager, stream, subjects.reconciliationRun(runId), 1);
  const wanted = { stream, filter: subjects.allReconciliationBreaks, from: { seq: begun?.seq ?? 1 }, signal };
  await readFrom(js, manager, wanted, (message) => {
    const event = reconciliationBreak.safeParse(message.json()).data;
    const as = event === undefined ? undefined : countedAs[event.type];
    if (as !== undefined && event?.actor === runId) counts[as]++;
  });
  return counts;
}
