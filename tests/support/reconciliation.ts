import type { StepEvent } from '#contracts/v1/step-event.ts';
import {
  reconciliationBreak,
  type ReconciliationBreak,
  type ReconciliationPlan,
  reconciliationRun,
  type ReconciliationRun,
} from '#contracts/v1/reconciliation.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readLast } from '#platform/nats/publish.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import type { TestEngine } from './engine.ts';
import { commandOf } from './commands.ts';

/** A schedule that does not come while a test runs. */
export const never = { schedule: '0 0 29 2 *', time_zone: 'UTC' };
const asker = { id: 'olga@syncline.example', roles: ['operations' as const] };

type Estate = Pick<TestEngine, 'nc' | 'js' | 'manager'>;

/** Compares now. @returns the run once it has ended. */
export async function reconcile(estate: Estate, plan: ReconciliationPlan['id']): Promise<ReconciliationRun> {
  const { reconciliation } = await commandOf(estate.nc, 'reconciliation.run', { actor: asker, plan });
  if (reconciliation === undefined) throw new Error('no run was begun');
  return runEnded(estate, reconciliation.run_id);
}

export async function runEnded(estate: Estate, id: string): Promise<ReconciliationRun> {
  const consumer = await estate.js.consumers.get(streams.reconciliation, {
    filter_subjects: subjects.reconciliationRun(id),
  });
  const messages = await consumer.consume();
  for await (const message of messages) {
    const run = reconciliationRun.parse(message.json());
    if (run.status === 'queued' || run.status === 'running') continue;
    messages.stop();
    return run;
  }
  throw new Error(`the run ${id} did not end`);
}

/** Every break as it stands. */
export async function breaksOf(estate: Estate): Promise<ReconciliationBreak[]> {
  const { state } = await estate.manager.streams.info(streams.reconciliation, {
    subjects_filter: subjects.allReconciliationBreaks,
  });
  const last = await Promise.all(
    Object.keys(state.subjects ?? {}).map((subject) => readLast(estate.manager, streams.reconciliation, subject)),
  );
  return last.flatMap((message) => (message === undefined ? [] : [reconciliationBreak.parse(message.json())]));
}

/** The events of one break. */
export async function storyOf(estate: Estate, id: string): Promise<ReconciliationBreak[]> {
  const subject = subjects.reconciliationBreak(id);
  return (await readSubject(estate.js, estate.manager, streams.reconciliation, subject)).map((message) =>
    reconciliationBreak.parse(message.json()),
  );
}

export const stepsOf = (events: readonly StepEvent[]): string[] =>
  events.map(({ step, system, status }) => `${step} ${system} ${status}`);
