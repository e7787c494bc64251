import { randomUUID } from 'node:crypto';
import { draftTotals, type OrderDraft } from '../order-draft.ts';
import { buildAmazonOrder } from '../amazon-order.ts';
import { buildChannelOrder } from '../channel-order.ts';
import type { Delivery } from '../intake-client.ts';
import type { Random } from '../random.ts';
import type { Troubles } from '../scenarios/scenario.ts';
import { buildShopifyOrder } from '../shopify-order.ts';
import { shopifyWebhook } from '../shopify-webhook.ts';
import type { Checkout, OrderWishes } from './checkout.ts';
import type { ChannelProfile } from './profiles.ts';
import type { TrafficContext } from './traffic.ts';

type Origin = 'simulated' | 'backfill';

export interface OrderDesk {
  /** Places one order in the channel and tells the engine as that channel would. Resolves once it was told. */
  place(
    profile: ChannelProfile,
    placedAt: Date,
    troubles: Troubles,
    origin: Origin,
    wishes?: OrderWishes,
  ): Promise<void>;
  counts(): Record<string, number>;
  close(): void;
}

/** Milliseconds until a customer regrets a live order. */
const REGRET_MS = [2_000, 20_000] as const;
/** Milliseconds until Amazon has settled a buyer's payment. */
const SETTLE_MS = [1_000, 15_000] as const;
/** Times a shop tells of an order before it gives up; Shopify's eight over four hours, in quicker motion. */
const ATTEMPTS = 40;

export function createOrderDesk(
  context: TrafficContext,
  checkout: Checkout,
  random: Random,
  marketplaceKey: string | undefined,
): OrderDesk {
  const { intake, systems, book, store, conditions } = context;
  const numbers = store.collection<number>('traffic.numbers');
  const timers = new Set<NodeJS.Timeout>();
  const counts = { placed: 0, unmapped_tax: 0, inactive_sku: 0, duplicates: 0, cancelled: 0, untold: 0 };
  const nextNumber = (systemId: string) => {
    const number = (numbers.get(systemId) ?? 10_000) + 1;
    numbers.put(systemId, number);
    return number;
  };

  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };

  const placeInShop = async (profile: ChannelProfile, draft: OrderDraft, origin: Origin, troubles: Troubles) => {
    const systemId = profile.channel.system;
    const settings = context.estate.systems.find(({ id }) => id === systemId)?.settings ?? {};
    const shop = settings['shop_domain'] ?? systemId;
    const secret = context.setting(systemId, settings, 'webhook_secret');
    const tell = (topic: string, body: string) =>
      shopifyWebhook({ topic, shop, secret, body, triggeredAt: new Date(), origin });
    const body = JSON.stringify(buildShopifyOrder(draft, shop));
    systems.shops.get(systemId)?.place(body, draft.giftCents);
    book.place({
      system: systemId,
      external_id: String(draft.id),
      number: `#${draft.number}`,
      placed_at: draft.placedAt.toISOString(),
      origin,
    });
    const tells = (topic: string) => systems.shopDesks.get(systemId)?.subscriptions.has(topic) !== false;
    if (origin === 'simulated' && (conditions.losesWebhook(systemId) || !tells('orders/create'))) {
      counts.untold++;
      return;
    }
    const created = tell('orders/create', body);
    await intake.deliver(created, ATTEMPTS);
    if (random.chance(troubles.duplicate)) {
      counts.duplicates++;
      await intake.deliver(created, ATTEMPTS);
    }
    if (!random.chance(troubles.cancel)) return;
    const cancel = async () => {
      const at = origin === 'backfill' ? new Date(draft.placedAt.getTime() + random.int(1, 20) * 60_000) : new Date();
      const order = systems.shops.get(systemId)?.orders.get(String(draft.id));
      if (order === undefined || order.fulfilments.length > 0 || order.cancelledAt !== null) return;
      order.cancelledAt = at.toISOString();
      order.cancelReason = 'customer';
      systems.shops.get(systemId)?.save(order);
      counts.cancelled++;
      if (!tells('orders/cancelled')) return;
      await intake.deliver(
        tell('orders/cancelled', JSON.stringify(buildShopifyOrder(draft, shop, { cancelledAt: at }))),
        ATTEMPTS,
      );
    };
    if (origin === 'backfill') return cancel();
    later(random.int(...REGRET_MS), () => void cancel());
  };

  const placeInMarketplace = async (profile: ChannelProfile, draft: OrderDraft, origin: Origin) => {
    const paymentReference = `pi_sim${draft.id}`;
    systems.stripes.get(profile.channel.payment)?.authorise(paymentReference, draftTotals(draft).total, draft.currency);
    const externalId = `HM-${draft.id}`;
    const number = `HM${draft.number}`;
    const body = buildChannelOrder(draft, { externalId, number, paymentReference });
    book.place({ system: profile.channel.system, external_id: externalId, number, placed_at: body.placed_at, origin });
    await intake.deliver(channelDelivery(JSON.stringify(body), marketplaceKey ?? '', origin), ATTEMPTS);
  };

  /** Nobody is told: the order lies at Amazon, pending until its payment is settled, until somebody asks. */
  const placeAtAmazon = (profile: ChannelProfile, draft: OrderDraft, origin: Origin, troubles: Troubles) => {
    const { system } = profile.channel;
    const market = systems.amazons.get(system)?.market;
    if (market === undefined) return;
    const built = buildAmazonOrder(draft);
    const id = built.order.AmazonOrderId;
    const placed_at = draft.placedAt.toISOString();
    book.place({ system, external_id: id, number: id, placed_at, origin });
    market.place(built, { status: 'Pending' });
    later(random.int(...SETTLE_MS), () => {
      market.change(id, { OrderStatus: 'Unshipped' });
      if (!random.chance(troubles.cancel)) return;
      later(random.int(...REGRET_MS), () => {
        if (market.orders.get(id)?.order.OrderStatus !== 'Unshipped') return;
        market.change(id, { OrderStatus: 'Canceled' });
        counts.cancelled++;
      });
    });
  };

  return {
    place: async (profile, placedAt, troubles, origin, wishes = {}) => {
      const unmappedTax = wishes.unmappedTax ?? random.chance(troubles.unmappedTax);
      const inactiveSku = wishes.inactiveSku ?? (wishes.sku === undefined && random.chance(troubles.inactiveSku));
      counts.placed++;
      counts.unmapped_tax += unmappedTax ? 1 : 0;
      counts.inactive_sku += inactiveSku ? 1 : 0;
      const number = nextNumber(profile.channel.system);
      const draft = checkout.draft(profile, number, placedAt, { ...wishes, unmappedTax, inactiveSku });
      if (profile.kind === 'shopify') await placeInShop(profile, draft, origin, troubles);
      else if (profile.kind === 'amazon') placeAtAmazon(profile, draft, origin, troubles);
      else await placeInMarketplace(profile, draft, origin);
    },
    counts: () => ({ ...counts }),
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}

function channelDelivery(body: string, key: string, origin: Origin): Delivery {
  return {
    method: 'POST',
    path: '/v1/orders',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'idempotency-key': randomUUID(),
      'x-syncline-origin': origin,
    },
    body,
  };
}
