import type { System } from '#contracts/v1/estate.ts';
import type { Connector, Secrets } from '../connector.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { wmsServices } from './client.ts';

export * from './inbound.ts';

/** Connector of a warehouse system or 3PL with the REST interface of contract.ts. */
export function createRestWmsConnector(system: System, secrets: Secrets): Connector {
  const headers = bearer(credential(system, 'access_token', secrets));
  return { transport: openHttpTransport(system, () => headers), services: wmsServices() };
}
