import type { RouteContext } from '../context.ts';
import { webhookRoute } from '../webhook.ts';

/** Webhooks of the warehouse systems: what was shipped, what arrived, how stock changed. */
export function wmsRoute(context: RouteContext): void {
  const warehouses = context.estate.systems.filter((system) => system.kind === 'rest-wms');
  webhookRoute(context, {
    operation: 'receiveWms',
    signatureHeader: 'x-wms-signature',
    signatureEncoding: 'hex',
    senderHeader: 'x-wms-warehouse',
    topicHeader: 'x-wms-topic',
    topics: ['shipment.confirmed', 'shipment.delivered', 'stock.changed'],
    deliveryIdHeader: 'x-wms-event-id',
    senders: new Map(
      warehouses.flatMap(({ id, settings: { webhook_secret } }) =>
        webhook_secret === undefined ? [] : [[id, { system: id, secret: context.secrets(webhook_secret) }]],
      ),
    ),
  });
}
