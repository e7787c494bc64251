import type { WebhookDialect } from '../../intake/webhook-dialect.ts';
import { trackerEvent } from './contract.ts';

const envelope = trackerEvent.pick({ id: true, description: true });

/** EasyPost's webhooks: the secret signs the raw body, and what they are about stands in the body alone. */
export const easypostWebhook: WebhookDialect = {
  path: 'easypost',
  operation: 'receiveEasyPost',
  summary: 'Webhook of EasyPost',
  description: 'Takes tracker.created and tracker.updated of the carrier account named in the path.',
  headers: [['X-Hmac-Signature', true, 'hmac-sha256-hex= and the hexadecimal HMAC-SHA256 of the raw body']],
  signatureHeader: 'x-hmac-signature',
  signaturePrefix: 'hmac-sha256-hex=',
  signatureEncoding: 'hex',
  sender: 'path',
  senderName: ({ id }) => id,
  inBody: (payload) => {
    const read = envelope.safeParse(payload);
    return read.success ? { topic: read.data.description, deliveryId: read.data.id } : {};
  },
};
