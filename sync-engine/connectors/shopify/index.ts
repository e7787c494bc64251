import type { System } from '#contracts/v1/estate.ts';
import type { Connector, Secrets } from '../connector.ts';
import { credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { createFulfilment } from './fulfilment.ts';
import { publishAvailability } from './inventory.ts';
import { orderVerbs } from './orders.ts';
import { shopifyPayments } from './payments.ts';

/** Version of the Admin API that is spoken unless the estate file says otherwise; Shopify keeps each for a year. */
const defaultApiVersion = '2025-01';

/** Connector of one Shopify shop over the Admin API; `access_token` is a custom app's token. */
export function createShopifyConnector(system: System, secrets: Secrets): Connector {
  const headers = { 'x-shopify-access-token': credential(system, 'access_token', secrets) };
  const api = `/admin/api/${system.settings['api_version'] ?? defaultApiVersion}`;
  return {
    transport: openHttpTransport(system, () => headers),
    services: {
      ...orderVerbs(api),
      ...shopifyPayments(api),
      create_fulfilment: createFulfilment(api),
      publish_availability: publishAvailability(api, system.settings),
    },
  };
}
