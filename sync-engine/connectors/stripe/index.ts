import type { System } from '#contracts/v1/estate.ts';
import type { Connector, Secrets } from '../connector.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { stripeServices } from './client.ts';

/** Connector of a Stripe account; `api_key` is a secret or restricted key with write access to payment intents. */
export function createStripeConnector(system: System, secrets: Secrets): Connector {
  const headers = bearer(credential(system, 'api_key', secrets));
  return { transport: openHttpTransport(system, () => headers), services: stripeServices(system) };
}
