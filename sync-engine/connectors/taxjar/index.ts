import type { ConnectorDefinition } from '../definition.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { taxjarServices } from './client.ts';

/** Connector of TaxJar's SmartCalcs API. */
export const taxjar: ConnectorDefinition = {
  kind: 'taxjar',
  open: (system, secrets) => {
    const headers = bearer(credential(system, 'access_token', secrets));
    return { transport: openHttpTransport(system, () => headers), services: taxjarServices(system) };
  },
};
