import type { ConnectorDefinition } from '../definition.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { wmsServices } from './client.ts';
import { readDelivery, readShipment, readStockChange } from './inbound.ts';
import { wmsWebhook } from './webhook.ts';

/** A warehouse system or 3PL with the REST interface of contract.ts. */
export const restWms: ConnectorDefinition = {
  kind: 'rest-wms',
  open: (system, secrets) => {
    const headers = bearer(credential(system, 'access_token', secrets));
    return { transport: openHttpTransport(system, () => headers), services: wmsServices() };
  },
  topics: {
    'shipment.confirmed': { means: 'shipment', read: readShipment },
    'shipment.delivered': { means: 'delivery', read: readDelivery },
    'stock.changed': { means: 'stock_change', read: readStockChange },
  },
  webhook: wmsWebhook,
};
