import { setTimeout as delay } from 'node:timers/promises';
import type { CaseState } from '#contracts/v1/case.ts';
import type { Log } from '#platform/log.ts';
import type { CaseIndex } from './cases/case-index.ts';

const EVERY_MS = 5_000;
/** A command carries its replay into the transaction within this; later it was cut off in between. */
const GRACE_MS = 15_000;

/** Finishes replays whose command was cut off between the case and its transaction. To be run under a lease. */
export async function sweepReplays(
  signal: AbortSignal,
  options: { index: CaseIndex; apply: (state: CaseState) => Promise<void>; now: () => Date; log: Log },
): Promise<void> {
  const { index, apply, now, log } = options;
  while (!signal.aborted) {
    for (const state of [...index.open()]) {
      if (state.status !== 'replaying' || now().getTime() - Date.parse(state.updated_at) < GRACE_MS) continue;
      await apply(state).catch((error: unknown) =>
        log.warn({ err: error, case_id: state.case_id }, 'a replay could not be carried on'),
      );
    }
    await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
