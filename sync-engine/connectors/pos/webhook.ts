import type { WebhookDialect } from '../../intake/webhook-dialect.ts';

/** How a back office forwards the batches of its stores. Source: docs/stores.md. */
export const posWebhook: WebhookDialect = {
  path: 'pos',
  operation: 'receivePos',
  summary: 'Batch of a store',
  description:
    'Takes sales, returns, counts and the end of day of one store: store.batch as JSON, store.poslog as NRF/ARTS POSLog XML.',
  headers: [
    ['X-Pos-Topic', true, 'store.batch or store.poslog'],
    ['X-Pos-System', true, 'Id of the till system in the estate'],
    ['X-Pos-Signature', true, 'Hexadecimal HMAC-SHA256 of the raw body'],
    ['X-Pos-Delivery', false, 'Id of the delivery, the same on a repetition'],
  ],
  signatureHeader: 'x-pos-signature',
  signatureEncoding: 'hex',
  senderHeader: 'x-pos-system',
  senderName: ({ id }) => id,
  topicHeader: 'x-pos-topic',
  notJson: ['store.poslog'],
  deliveryIdHeader: 'x-pos-delivery',
};
