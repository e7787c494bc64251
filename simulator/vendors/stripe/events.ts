import { signStripe } from '../../sign.ts';
import type { VendorContext } from '../vendor.ts';

/** Tells the account's webhook endpoint what happened. */
export interface Events {
  /** Sent in the background and repeated until it is accepted; what was told in turn may arrive out of turn. */
  tell(type: string, object: object): void;
}

/** Events as Stripe posts them (docs.stripe.com/api/events/object); an account without a `webhook_secret` tells nobody. */
export function createEvents(context: VendorContext): Events {
  const { system, intake } = context;
  if (system.settings['webhook_secret'] === undefined) return { tell: () => undefined };
  const secret = context.setting('webhook_secret');
  return {
    tell: (type, object) => {
      const id = context.nextId();
      const body = JSON.stringify({
        id: `evt_sim${id}`,
        object: 'event',
        api_version: system.settings['api_version'] ?? '2024-06-20',
        created: Math.floor(Date.now() / 1000),
        data: { object },
        livemode: false,
        pending_webhooks: 1,
        request: { id: `req_${id}`, idempotency_key: null },
        type,
      });
      void intake.deliver({
        method: 'POST',
        path: `/intake/stripe/${system.id}`,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': signStripe(body, secret),
        },
        body,
      });
    },
  };
}
