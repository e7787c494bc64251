import type { Leases } from '#platform/lease.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import { breakFetchCommand } from './commands/break-fetch.ts';
import { reconciliationCommands } from './commands/reconciliation-commands.ts';
import type { Kinds } from './connectors/kinds.ts';
import { createPublishFetched } from './intake/fetched-message.ts';
import { followReconciliation } from './reconciliation/known.ts';
import type { ReconciliationOptions } from './reconciliation/perform.ts';
import { demandSchedules } from './reconciliation/schedule.ts';
import { ReconciliationStore } from './reconciliation/store.ts';
import { holdReconciliation } from './reconciliation/worker.ts';

type Options = Omit<ReconciliationOptions, 'store' | 'known'> & {
  publisher: Publisher;
  kinds: Pick<Kinds, 'topic'>;
  /** Unique to this process. */
  nonce: string;
  leases: Pick<Leases, 'hold'>;
  retentionDays: number;
};

/** Reconciliation of one replica: what people may ask of it, and its part of the work once it is begun. */
export async function openReconciliation(options: Options) {
  const { js, manager, publisher, nonce, now, estate, leases } = options;
  demandSchedules(estate.reconciliations, now());
  const store = new ReconciliationStore(publisher, manager, nonce, now);
  const known = await followReconciliation(js, manager, options);
  return {
    commands: {
      ...reconciliationCommands({ store, known, estate, now }),
      ...breakFetchCommand({ ...options, store, publish: createPublishFetched(options) }),
    },
    begin: () => holdReconciliation(leases, { ...options, store, known }),
    stop: () => known.stop(),
  };
}
