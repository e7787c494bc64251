import { storeBatch, storeReturn } from '#contracts/v1/store.ts';
import type { ConnectorDefinition } from '../definition.ts';
import { impossible } from '../transport/answer.ts';
import { numberOfPosLog, readPosLog } from './poslog.ts';
import { numberOfBatch, readBatch } from './read-batch.ts';
import { readStoreReturn, STORE_RETURN } from './store-return.ts';
import { posWebhook } from './webhook.ts';

/** Tills that forward numbered, signed batches of their stores. Nothing is sent to them. */
export const pos: ConnectorDefinition = {
  kind: 'pos',
  pulls: true,
  open: (system) => ({
    transport: {
      send: () => Promise.reject(impossible('NO_OUTBOUND', `${system.name} is not called: it forwards batches.`)),
      close: () => Promise.resolve(),
    },
    services: {},
  }),
  topics: {
    'store.batch': {
      means: 'store_batch',
      read: readBatch,
      number: numberOfBatch,
      payload: { schema: storeBatch, numbers: 'as_numbers' },
    },
    'store.poslog': { means: 'store_batch', read: readPosLog, number: numberOfPosLog },
    // Returns of online orders, which the engine takes out of the batches that bring them.
    [STORE_RETURN]: {
      means: 'return_request',
      read: readStoreReturn,
      derived: true,
      payload: { schema: storeReturn, numbers: 'as_numbers' },
    },
  },
  webhook: posWebhook,
};
