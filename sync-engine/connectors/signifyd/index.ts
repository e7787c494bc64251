import type { ConnectorDefinition } from '../definition.ts';
import { basicKey, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { signifydServices } from './client.ts';

/** Connector of Signifyd's v3 API; the API key is the user of basic authentication. */
export const signifyd: ConnectorDefinition = {
  kind: 'signifyd',
  open: (system, secrets) => {
    const headers = basicKey(credential(system, 'api_key', secrets));
    return { transport: openHttpTransport(system, () => headers), services: signifydServices() };
  },
};
