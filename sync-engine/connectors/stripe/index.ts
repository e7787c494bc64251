import type { ConnectorDefinition } from '../definition.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { stripeServices } from './client.ts';
import { paymentTopics } from './payment-events.ts';
import { payoutTopics } from './payout-event.ts';
import { stripeWebhook } from './webhook.ts';

/**
 * Connector of a Stripe account; `api_key` is a secret or restricted key with write access to payment intents and refunds.
 * `webhook_secret` is the endpoint's, `livemode: 'false'` says that the account is used in its test mode.
 */
export const stripe: ConnectorDefinition = {
  kind: 'stripe',
  open: (system, secrets) => {
    const headers = bearer(credential(system, 'api_key', secrets));
    return { transport: openHttpTransport(system, () => headers), services: stripeServices(system) };
  },
  topics: { ...paymentTopics, ...payoutTopics },
  webhook: stripeWebhook,
};
