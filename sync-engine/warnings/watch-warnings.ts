import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '#platform/log.ts';
import type { Evaluator } from './evaluator.ts';
import type { WarningBook } from './warning-book.ts';

/** Evaluates every kind again and again, each at its own pace, until the signal aborts. To be run under a lease. */
export async function watchWarnings(
  signal: AbortSignal,
  { book, evaluators, log }: { book: WarningBook; evaluators: readonly Evaluator[]; log: Log },
): Promise<void> {
  await Promise.all(
    evaluators.map(async (evaluator) => {
      while (!signal.aborted) {
        await book.evaluate(evaluator, signal).catch((error: unknown) => {
          if (!signal.aborted) log.warn({ err: error, kind: evaluator.kind }, 'warnings could not be evaluated');
        });
        await delay(evaluator.everyMs, undefined, { signal }).catch(() => undefined);
      }
    }),
  );
}
