import { z } from 'zod';
import type { WebhookDialect } from '../../intake/webhook-dialect.ts';

const envelope = z.object({ id: z.string().min(1).max(100), type: z.string() });

/** How long Stripe's libraries believe a signature. */
const TOLERANCE_S = 300;

/** Stripe's webhooks: https://docs.stripe.com/webhooks */
export const stripeWebhook: WebhookDialect = {
  path: 'stripe',
  operation: 'receiveStripe',
  summary: 'Webhook of a Stripe account',
  description:
    'Takes events of payment intents, charges, refunds and payouts of the account named in the path. The signature is checked over its moment and the raw body, and believed for five minutes; an event that comes again is known by its id.',
  headers: [
    [
      'Stripe-Signature',
      true,
      't=, the Unix second of signing, and v1=, the hexadecimal HMAC-SHA256 of it, a dot and the raw body',
    ],
  ],
  signatureHeader: 'stripe-signature',
  signatureEncoding: 'hex',
  timestamped: { toleranceS: TOLERANCE_S },
  sender: 'path',
  senderName: ({ id }) => id,
  inBody: (payload) => {
    const read = envelope.safeParse(payload);
    return read.success ? { topic: read.data.type, deliveryId: read.data.id } : {};
  },
};
