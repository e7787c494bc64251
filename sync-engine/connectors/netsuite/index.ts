import type { ConnectorDefinition } from '../definition.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { netsuiteServices } from './client.ts';
import { netsuiteLists } from './suiteql.ts';

/** Connector of an Oracle NetSuite account over SuiteTalk REST; `access_token` is an OAuth 2.0 access token. */
export const netsuite: ConnectorDefinition = {
  kind: 'netsuite',
  open: (system, secrets) => {
    const headers = bearer(credential(system, 'access_token', secrets));
    return {
      transport: openHttpTransport(system, () => headers),
      services: { ...netsuiteServices(system), ...netsuiteLists },
    };
  },
};
