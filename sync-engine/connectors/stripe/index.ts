import type { ConnectorDefinition } from '../definition.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { stripeServices } from './client.ts';

/** Connector of a Stripe account; `api_key` is a secret or restricted key with write access to payment intents. */
export const stripe: ConnectorDefinition = {
  kind: 'stripe',
  open: (system, secrets) => {
    const headers = bearer(credential(system, 'api_key', secrets));
    return { transport: openHttpTransport(system, () => headers), services: stripeServices(system) };
  },
};
