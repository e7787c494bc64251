import type { ConnectorDefinition } from '../definition.ts';
import type { Payload } from '../payload-schema.ts';
import { bearer, credential } from '../transport/credentials.ts';
import { openHttpTransport } from '../transport/http.ts';
import { wmsServices } from './client.ts';
import { returnReceived, shipmentConfirmed, shipmentDelivered, stockChanged } from './contract.ts';
import { readDelivery, readShipment, readStockChange } from './inbound.ts';
import { readReturn } from './return.ts';
import { listWarehouseStock } from './stock.ts';
import { wmsWebhook } from './webhook.ts';

/** Every message of the interface is read with its numbers as text. */
const asText = (schema: Payload['schema']): Payload => ({ schema, numbers: 'as_text' });

/** A warehouse system or 3PL with the REST interface of contract.ts. */
export const restWms: ConnectorDefinition = {
  kind: 'rest-wms',
  open: (system, secrets) => {
    const headers = bearer(credential(system, 'access_token', secrets));
    return {
      transport: openHttpTransport(system, () => headers),
      services: { ...wmsServices(), list_stock: listWarehouseStock },
    };
  },
  topics: {
    'shipment.confirmed': { means: 'shipment', read: readShipment, payload: asText(shipmentConfirmed) },
    'shipment.delivered': { means: 'delivery', read: readDelivery, payload: asText(shipmentDelivered) },
    'stock.changed': { means: 'stock_change', read: readStockChange, payload: asText(stockChanged) },
    'return.received': { means: 'return_receipt', read: readReturn, payload: asText(returnReceived) },
  },
  webhook: wmsWebhook,
};
