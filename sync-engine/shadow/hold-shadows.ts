import type { Leases } from '#platform/lease.ts';
import { forgetOld } from '../repairs/forget.ts';
import { type ShadowWorkerOptions, workOnShadows } from './shadow-worker.ts';

type Options = ShadowWorkerOptions & { retentionDays: number };

/** One replica works on shadow runs, and one forgets those that ended long ago. */
export function holdShadows(leases: Pick<Leases, 'hold'>, options: Options): void {
  const { runs, store, log, now, retentionDays } = options;
  leases.hold('shadow', (signal) => workOnShadows(signal, options));
  leases.hold('shadow-forget', (signal) =>
    forgetOld(
      signal,
      () => runs.ended(),
      (id) => store.forget(id),
      { log, now, retentionDays },
    ),
  );
}
