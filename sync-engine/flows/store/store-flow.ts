import { messageStep } from '../message.ts';
import type { Step } from '../flow.ts';
import { batchReceived } from './steps/batch-received.ts';
import { closeDay } from './steps/close-day.ts';
import { erpPostJournal } from './steps/erp-post-journal.ts';
import { reconcileTakings } from './steps/reconcile-takings.ts';
import type { StoreData, StoreEnv, StoreFlow } from './store-data.ts';

/** The step of a batch that no day could take. */
export const STORE_MESSAGE = 'apply_store_batch';

const steps: readonly Step<StoreData, StoreEnv>[] = [
  batchReceived,
  reconcileTakings,
  erpPostJournal,
  closeDay,
  messageStep(STORE_MESSAGE),
];

/** store_settlement: from a store's batches of one trading day to its journal in the ERP. */
export const createStoreFlow = (env: StoreEnv): StoreFlow => ({
  name: 'store_settlement',
  steps: new Map(steps.map((step) => [step.name, step])),
  deadline: () => '',
  takes: ({ state }) => (state.phase === 'finished' ? 'never' : 'now'),
  cancelled: 'cancelled',
  env,
});
