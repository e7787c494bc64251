import type { System } from '#contracts/v1/estate.ts';
import type { Connector, Secrets } from './connector.ts';
import { createNetsuiteConnector } from './netsuite/index.ts';
import { createRestWmsConnector } from './rest-wms/index.ts';
import { createShopifyConnector } from './shopify/index.ts';
import { createSignifydConnector } from './signifyd/index.ts';
import { createSmtpConnector } from './smtp/index.ts';
import { createStripeConnector } from './stripe/index.ts';
import { createTaxjarConnector } from './taxjar/index.ts';
import { impossible } from './transport/answer.ts';

/**
 * The connector of a system, by its kind.
 * @param secrets resolves `env:NAME` settings.
 * @throws Error naming a setting that is absent; the start stops with it.
 */
export function createConnector(system: System, secrets: Secrets): Connector {
  switch (system.kind) {
    case 'shopify':
      return createShopifyConnector(system, secrets);
    case 'netsuite':
      return createNetsuiteConnector(system, secrets);
    case 'rest-wms':
      return createRestWmsConnector(system, secrets);
    case 'taxjar':
      return createTaxjarConnector(system, secrets);
    case 'signifyd':
      return createSignifydConnector(system, secrets);
    case 'stripe':
      return createStripeConnector(system, secrets);
    case 'smtp':
      return createSmtpConnector(system, secrets);
    case 'channel-api':
      return callsUs(system);
  }
}

/** A channel on our own API fetches what it wants to know (orders, availability); nothing is sent to it. */
function callsUs(system: System): Connector {
  return {
    transport: {
      send: () => Promise.reject(impossible('NO_OUTBOUND', `${system.name} is not called: it calls our API.`)),
      close: () => Promise.resolve(),
    },
    services: {},
  };
}
