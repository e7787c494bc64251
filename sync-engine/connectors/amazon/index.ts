import type { ConnectorDefinition } from '../definition.ts';
import { amazonServices } from './client.ts';
import { amazonPayload } from './contract.ts';
import { glimpseAmazonOrder } from './glimpse.ts';
import { canonicaliseAmazonOrder } from './map.ts';
import { amazonPoll } from './poll.ts';
import { readUntaken, settlementFiles } from './settlement/files.ts';
import { readSettlementReport } from './settlement/read-report.ts';
import { openAmazonTransport } from './transport.ts';

/** One marketplace of a seller at Amazon, over the Selling Partner API: asked for its orders, told what has shipped. */
export const amazon: ConnectorDefinition = {
  kind: 'amazon',
  open: (system, secrets) => ({ transport: openAmazonTransport(system, secrets), services: amazonServices(system) }),
  poll: amazonPoll,
  files: settlementFiles,
  order: {
    glimpse: glimpseAmazonOrder,
    canonicalise: canonicaliseAmazonOrder,
    payload: { schema: amazonPayload, numbers: 'as_text' },
  },
  topics: {
    // The first version that can be shipped begins the order; later ones are kept beside it.
    'order.changed': { means: 'order_updated' },
    'order.canceled': { means: 'order_cancelled' },
    'settlement.report': { means: 'payout', read: readSettlementReport },
    'settlement.untaken': { means: 'payout', read: readUntaken },
  },
};
