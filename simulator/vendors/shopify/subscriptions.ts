import type { FastifyInstance } from 'fastify';
import type { Collection } from '../../store.ts';
import { field, jsonBody, objectAt, type VendorContext } from '../vendor.ts';

/** What a shop can tell of, and does until somebody drops it. */
const topics = [
  'orders/create',
  'orders/updated',
  'orders/cancelled',
  'refunds/create',
  'fulfillments/create',
  'inventory_levels/update',
  'returns/request',
  'customers/create',
  'customers/update',
];
const ADDRESS = 'https://syncline.example/intake/shopify';

interface Subscription {
  id: number;
  topic: string;
  address: string;
  created_at: string;
  /** Kept, so that a topic that was dropped stays so after a restart. */
  dropped: boolean;
}

/** Webhooks that a shop sends: a topic to an address at most once, and to several addresses where it was asked to. */
export interface Subscriptions {
  /** Is Syncline told of it? */
  has(topic: string): boolean;
  /** The shop forgets a webhook, as it does with one whose endpoint failed for hours. */
  drop(topic: string): void;
  list(): Subscription[];
  add(topic: string, address: string): Subscription | 'taken' | 'unknown';
}

export function createSubscriptions({ system, store, nextId }: VendorContext): Subscriptions {
  const kept: Collection<Subscription> = store.collection<Subscription>(`${system.id}.subscriptions`);
  const ours = system.settings['webhook_address'] ?? ADDRESS;
  const keyOf = (topic: string, address: string) => (address === ours ? topic : `${topic} ${address}`);
  const make = (topic: string, address: string): Subscription => {
    const made = { id: nextId(), topic, address, created_at: new Date().toISOString(), dropped: false };
    kept.put(keyOf(topic, address), made);
    return made;
  };
  for (const topic of topics) if (kept.get(topic) === undefined) make(topic, ours);
  const tells = (topic: string, address: string) => kept.get(keyOf(topic, address))?.dropped === false;
  return {
    has: (topic) => tells(topic, ours),
    drop: (topic) => {
      const known = kept.get(topic);
      if (known !== undefined) kept.put(topic, { ...known, dropped: true });
    },
    list: () => [...kept.values()].filter(({ dropped }) => !dropped),
    add(topic, address) {
      if (!topics.includes(topic)) return 'unknown';
      return tells(topic, address) ? 'taken' : make(topic, address);
    },
  };
}

/** `webhooks.json`: all of them fit on one page. */
export function subscriptionRoutes(app: FastifyInstance, prefix: string, subscriptions: Subscriptions): void {
  const shown = ({ id, topic, address, created_at }: Subscription) => ({
    ...{ id, topic, address, created_at, updated_at: created_at, format: 'json' },
    ...{ fields: [], metafield_namespaces: [], api_version: '2025-01' },
  });
  app.get(`${prefix}/webhooks.json`, () => ({ webhooks: subscriptions.list().map(shown) }));
  app.post(`${prefix}/webhooks.json`, (request, reply) => {
    const wanted = objectAt(jsonBody(request), 'webhook');
    const made = subscriptions.add(field(wanted, 'topic'), field(wanted, 'address'));
    if (made === 'taken')
      return reply.code(422).send({ errors: { address: ['for this topic has already been taken'] } });
    if (made === 'unknown') return reply.code(422).send({ errors: { topic: ['Invalid topic specified'] } });
    return reply.code(201).send({ webhook: shown(made) });
  });
}
