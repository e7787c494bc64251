import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import { type ReconciliationBreak, reconciliationBreak, type ReconciliationRun } from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readSince } from '#platform/nats/read-since.ts';

/** Breaks by what a run said of them. */
export type Words = Pick<ReconciliationRun, 'opened' | 'seen_again' | 'healed'>;

/** How far the clocks of an engine and of NATS may be apart. */
const APART_MS = 60_000;

const countedAs: Partial<Record<ReconciliationBreak['type'], keyof Words>> = {
  opened: 'opened',
  seen: 'seen_again',
  reopened: 'seen_again',
  healed: 'healed',
};

/** Counts what a run said of breaks, also before an engine that was killed left it to another one. */
export async function countWords(
  js: JetStreamClient,
  manager: JetStreamManager,
  { run_id, started_at }: Pick<ReconciliationRun, 'run_id' | 'started_at'>,
  signal: AbortSignal,
): Promise<Words> {
  const words: Words = { opened: 0, seen_again: 0, healed: 0 };
  const from = {
    stream: streams.reconciliation,
    filter: subjects.allReconciliationBreaks,
    since: new Date(Date.parse(started_at) - APART_MS),
    signal,
  };
  await readSince(js, manager, from, (message) => {
    const { actor, type } = reconciliationBreak.parse(message.json());
    const as = countedAs[type];
    if (actor === run_id && as !== undefined) words[as]++;
  });
  return words;
}
