import type { z } from 'zod';
import { funnelSteps, funnelStops } from '#app/queries/transaction-funnel.ts';
import type { AppContext } from '#app/server/context.ts';
import type { TransactionQuestion } from '#app/transactions/filters.ts';
import { narrowed } from '#app/transactions/paths.ts';
import { flowWords } from '#app/words/flows.ts';
import { stepLabel } from '#app/words/steps.ts';
import type { Flow } from '#contracts/v1/step-event.ts';

interface Count {
  count: number;
  path: string;
}
export interface FunnelStep {
  step: string;
  label: string;
  /** On the line that a transaction without trouble takes. */
  onLine: boolean;
  completed: Count;
  /** Still open and has not completed it. */
  waiting: Count;
  /** Finished without it. */
  without: Count;
  /** Stands at it, given up on until somebody sees to it. */
  stopped: Count;
  /** Median, milliseconds, from what was completed before it; undefined where nobody completed it. */
  sinceBeforeMs: number | undefined;
}

interface FunnelRows {
  steps: readonly z.output<typeof funnelSteps.row>[];
  stops: readonly z.output<typeof funnelStops.row>[];
}

/** The steps of a flow in order, those of its line first, each with how far the transactions came. Pure. */
export function presentFunnel(flow: Flow, { steps, stops }: FunnelRows, search: URLSearchParams) {
  const total = stops.reduce((sum, one) => sum + one.transactions, 0);
  const open = stops.reduce((sum, one) => sum + one.open, 0);
  const line = flowWords(flow).steps;
  const seen = steps
    .toSorted((a, b) => b.completed - a.completed || (a.step < b.step ? -1 : 1))
    .map(({ step }) => step);
  const stoppedAt = stops.flatMap(({ step, stopped }) => (stopped > 0 ? [step] : []));
  const besides = [...new Set([...seen, ...stoppedAt])].filter((step) => !line.includes(step));
  return {
    total,
    steps: [...line, ...besides].map((step): FunnelStep => {
      const row = steps.find((one) => one.step === step);
      const completed = row?.completed ?? 0;
      const completedOpen = row?.completed_open ?? 0;
      // Below zero it may come only where something landed between the two questions.
      const counted = (count: number, also: Record<string, readonly string[]>, only: Record<string, string> = {}) => ({
        count: Math.max(0, count),
        path: narrowed(search, { only, also }),
      });
      return {
        step,
        label: stepLabel(step),
        onLine: line.includes(step),
        completed: counted(completed, { done: [step] }),
        waiting: counted(open - completedOpen, { 'not.done': [step], 'not.state': ['finished'] }),
        without: counted(total - open - (completed - completedOpen), { 'not.done': [step], 'not.state': ['open'] }),
        stopped: counted(
          stops.find((one) => one.step === step)?.stopped ?? 0,
          { 'not.state': ['finished', 'going'] },
          { step },
        ),
        sinceBeforeMs: row?.since_before_ms,
      };
    }),
  };
}
export type FunnelView = ReturnType<typeof presentFunnel>;

export async function readFunnel(context: Pick<AppContext, 'read'>, filter: TransactionQuestion): Promise<FunnelRows> {
  const [steps, stops] = await Promise.all([context.read(funnelSteps, filter), context.read(funnelStops, filter)]);
  return { steps, stops };
}
