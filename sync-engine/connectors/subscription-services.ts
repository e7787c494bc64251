import type { Verb } from './connector.ts';

/** A webhook that a system sends, and where to. */
export interface ListedSubscription {
  topic: string;
  address: string;
}

/** What a system is asked of the webhooks that it sends us. */
export interface SubscriptionServices {
  /** One page; `next` leads to the page after it. */
  list_subscriptions: Verb<{ cursor?: string }, { items: ListedSubscription[]; next?: string }>;
  subscribe: Verb<ListedSubscription, { subscriptionId: string }>;
}
