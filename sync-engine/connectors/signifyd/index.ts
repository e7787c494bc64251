import type { System } from '#contracts/v1/estate.ts';
import type { Connector, Secrets } from '../connector.ts';
import { basicKey, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { signifydServices } from './client.ts';

/** Connector of Signifyd's v3 API; the API key is the user of basic authentication. */
export function createSignifydConnector(system: System, secrets: Secrets): Connector {
  const headers = basicKey(credential(system, 'api_key', secrets));
  return { transport: openHttpTransport(system, () => headers), services: signifydServices() };
}
