import { z } from 'zod';
import type { SubscriptionServices } from '../subscription-services.ts';
import { readBody } from '../transport/answer.ts';
import { jsonCall } from '../transport/json-call.ts';
import { nextPage } from './lists.ts';
import { demandOk } from './refusal.ts';

const PAGE = 250;

const subscription = z.object({ id: z.string(), topic: z.string(), address: z.string() });
const listed = z.object({ webhooks: z.array(subscription) });
const created = z.object({ webhook: subscription });

/**
 * Which webhooks the shop sends this app. Shopify removes one whose endpoint failed eight times in four hours, without a word.
 * Source: shopify.dev/docs/api/admin-rest/latest/resources/webhook.
 */
export function shopifySubscriptions(api: string): SubscriptionServices {
  return {
    list_subscriptions: {
      name: 'list_subscriptions',
      prepare: ({ cursor }) =>
        jsonCall(
          'GET',
          `${api}/webhooks.json?limit=${PAGE}${cursor === undefined ? '' : `&page_info=${encodeURIComponent(cursor)}`}`,
        ),
      read(answer) {
        demandOk(answer);
        const { webhooks } = readBody(answer, listed, "Shopify's list of webhooks");
        return { items: webhooks.map(({ topic, address }) => ({ topic, address })), ...nextPage(answer) };
      },
    },
    subscribe: {
      name: 'subscribe',
      prepare: ({ topic, address }) =>
        jsonCall('POST', `${api}/webhooks.json`, { webhook: { topic, address, format: 'json' } }),
      read(answer) {
        demandOk(answer);
        return { subscriptionId: readBody(answer, created, "Shopify's new webhook").webhook.id };
      },
    },
  };
}
