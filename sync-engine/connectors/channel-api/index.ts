import { impossible } from '../transport/answer.ts';
import type { ConnectorDefinition } from '../definition.ts';
import { channelApiOrder } from './order-format.ts';

/** A system that speaks Syncline's own API: it sends and fetches by itself, and nothing is sent to it. */
export const channelApi: ConnectorDefinition = {
  kind: 'channel-api',
  pulls: true,
  order: channelApiOrder,
  open: (system) => ({
    transport: {
      send: () => Promise.reject(impossible('NO_OUTBOUND', `${system.name} is not called: it calls our API.`)),
      close: () => Promise.resolve(),
    },
    services: {},
  }),
};
