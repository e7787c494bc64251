import type { ConnectorDefinition } from '../definition.ts';
import { openHttpTransport } from '../transport/http.ts';
import { trackerEvent } from './contract.ts';
import { readTracker } from './map.ts';
import { easypostWebhook } from './webhook.ts';

const tracking = {
  means: 'tracking' as const,
  read: readTracker,
  payload: { schema: trackerEvent, numbers: 'as_text' as const },
};

/** Connector of EasyPost's trackers: it tells what carriers say, and is asked for nothing. */
export const easypost: ConnectorDefinition = {
  kind: 'easypost',
  open: (system) => ({ transport: openHttpTransport(system, () => ({})), services: {} }),
  topics: { 'tracker.created': tracking, 'tracker.updated': tracking },
  webhook: easypostWebhook,
};
