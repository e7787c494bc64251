import type { CaseState } from '#contracts/v1/case.ts';
import { joinAttempts, type TraceEvent } from '#app/waterfall/bars.ts';
import { statusOf, stepLabel, type StatusWords } from '#app/words/steps.ts';

export interface ReplayStep {
  id: string;
  label: string;
  status: StatusWords;
  message: string;
  running: boolean;
}

export interface ReplayProgress {
  /** Which replay of the transaction this is, from 1. */
  replay: number;
  steps: ReplayStep[];
  outcome: 'running' | 'resolved' | 'failed_again';
  words: string;
}

/**
 * What the flow has done since the latest replay. *Sent* is not *done*: the outcome is the case's own, which resolves
 * only when the flow got past the step that had failed.
 */
export function replayProgress(
  events: readonly TraceEvent[],
  { status, step: failedStep, case_id }: Pick<CaseState, 'status' | 'step' | 'case_id'>,
): ReplayProgress | undefined {
  const attempts = joinAttempts(events);
  const own = attempts.filter((attempt) => attempt.status === 'replayed' && attempt.event.case_id === case_id);
  const replay = own.reduce((most, attempt) => Math.max(most, attempt.run), 0);
  if (replay === 0 && status !== 'replaying') return undefined;
  const steps = attempts
    .filter((attempt) => attempt.run === replay && replay > 0 && attempt.status !== 'replayed')
    .map((attempt) => ({
      id: attempt.id,
      label: stepLabel(attempt.event.step),
      status: statusOf(attempt.status),
      message: ['failed', 'quarantined', 'retrying', 'degraded'].includes(attempt.status)
        ? attempt.event.error_message
        : '',
      running: attempt.end === undefined,
    }));
  const failed = stepLabel(failedStep);
  if (status === 'replaying')
    return { replay, steps, outcome: 'running', words: `Replaying: waiting for the order to get past “${failed}”.` };
  if (status === 'resolved') {
    const stopped = steps.find((step) => step.status.tone === 'bad');
    const since = stopped ? ` It has since stopped at “${stopped.label}”, which has a case of its own.` : '';
    return { replay, steps, outcome: 'resolved', words: `Resolved: the order got past “${failed}”.${since}` };
  }
  return {
    replay,
    steps,
    outcome: 'failed_again',
    words: `The replay stopped again at “${failed}”. What is wrong now stands under “Why it stopped”.`,
  };
}
