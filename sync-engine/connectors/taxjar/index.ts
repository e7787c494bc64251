import type { System } from '#contracts/v1/estate.ts';
import type { Connector, Secrets } from '../connector.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { taxjarServices } from './client.ts';

/** Connector of TaxJar's SmartCalcs API. */
export function createTaxjarConnector(system: System, secrets: Secrets): Connector {
  const headers = bearer(credential(system, 'access_token', secrets));
  return { transport: openHttpTransport(system, () => headers), services: taxjarServices(system) };
}
