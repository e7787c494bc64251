import type { WebhookDialect } from '../../intake/webhook-dialect.ts';

/** Webhooks of the warehouse systems: what was shipped, what arrived, what came back, how stock changed. Source: docs/api/warehouse.md. */
export const wmsWebhook: WebhookDialect = {
  path: 'wms',
  operation: 'receiveWms',
  summary: 'Webhook of a warehouse system',
  description: 'Takes shipment.confirmed, shipment.delivered, return.received and stock.changed.',
  headers: [
    ['X-Wms-Topic', true, 'shipment.confirmed, shipment.delivered, return.received or stock.changed'],
    ['X-Wms-Warehouse', true, 'Id of the warehouse system in the estate'],
    ['X-Wms-Signature', true, 'Hexadecimal HMAC-SHA256 of the raw body'],
    ['X-Wms-Event-Id', false, 'Id of the event, the same on a repetition'],
  ],
  signatureHeader: 'x-wms-signature',
  signatureEncoding: 'hex',
  senderHeader: 'x-wms-warehouse',
  senderName: ({ id }) => id,
  topicHeader: 'x-wms-topic',
  deliveryIdHeader: 'x-wms-event-id',
};
