import { setTimeout as delay } from 'node:timers/promises';
import { transactionKey } from '#contracts/v1/key.ts';
import { silentLog } from '#platform/log.ts';
import { mappedTaxes } from '#simulator/catalogue/taxes.ts';
import { createIntakeClient, type Delivery } from '#simulator/intake-client.ts';
import type { DraftLine, OrderDraft } from '#simulator/order-draft.ts';
import type { Random } from '#simulator/random.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { shopifyWebhook } from '#simulator/shopify-webhook.ts';
import { orderDraft } from '#tests/support/engine.ts';
import { ITEMS_SOLD } from './master-data.ts';
import type { World } from './world.ts';

/** `unmapped`: a levy of its own that nobody has mapped. `repaired`: the one levy that a repair of many cures. */
export type OrderKind = 'plain' | 'cancelled' | 'unmapped' | 'repaired';

export const SHARED_LEVY = 'Shared levy';

export interface Placed {
  id: number;
  key: string;
  kind: OrderKind;
}

export interface Traffic {
  placed: readonly Placed[];
  /** Webhooks posted a second time, or under a second id. */
  readonly repeated: number;
  /** Posts that were answered with an error or not at all, and were posted again. */
  readonly retried: number;
  /** Places an order in the shop and posts its webhooks until they are accepted. */
  place(kind?: OrderKind): Promise<Placed>;
  close(): Promise<void>;
}

const FIRST_ID = 5_000_000_001;

export function createTraffic(world: World, random: Random): Traffic {
  const client = createIntakeClient({ url: world.intakeUrl, log: silentLog, timeoutMs: 3_000 });
  const shop = world.estate.systems.find(({ id }) => id === 'shopify-us')?.settings['shop_domain'] ?? '';
  const placed: Placed[] = [];
  let next = FIRST_ID;
  let repeated = 0;
  let retried = 0;

  const deliveryOf = (topic: string, order: object): Delivery =>
    shopifyWebhook({
      topic,
      shop,
      secret: world.secret('SHOPIFY_US_SECRET'),
      body: JSON.stringify(order),
      triggeredAt: new Date(),
    });

  /** As Shopify does: the same bytes under the same id until they are taken. */
  async function post(delivery: Delivery): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { status, body } = await client.send(delivery);
      if (status === 200) return;
      if (status >= 400 && status < 500 && status !== 408 && status !== 429)
        throw new Error(`the intake answered ${status} to a good webhook: ${body}`);
      retried++;
      await delay(Math.min(1_000, 50 * attempt));
    }
  }

  return {
    placed,
    get repeated() {
      return repeated;
    },
    get retried() {
      return retried;
    },
    place: async (kind = 'plain') => {
      const id = next++;
      const draft = draftOf(world, random, id, kind);
      const order = buildShopifyOrder(draft, shop);
      const created = deliveryOf('orders/create', order);
      const record: Placed = { id, key: transactionKey('shopify-us', String(id)), kind };
      const extra: Delivery[] = [];
      if (random.chance(0.05)) extra.push(created);
      if (random.chance(0.03)) extra.push(deliveryOf('orders/create', order));
      const cancelled =
        kind === 'cancelled'
          ? deliveryOf('orders/cancelled', buildShopifyOrder(draft, shop, { cancelledAt: new Date() }))
          : undefined;
      const first = cancelled !== undefined && random.chance(0.5);
      repeated += extra.length;
      placed.push(record);
      world.simulator.placeOrder('shopify-us', created.body);
      if (cancelled !== undefined && first) await post(cancelled);
      await post(created);
      await Promise.all(extra.map(post));
      if (cancelled !== undefined && !first) await post(cancelled);
      return record;
    },
    close: () => client.close(),
  };
}

const titleOf = (kind: OrderKind, id: number): string | undefined =>
  kind === 'unmapped' ? `Levy ${id}` : kind === 'repaired' ? SHARED_LEVY : undefined;

/** One or two items, one to three of each, taxed; a share of them at a tax nobody has mapped. */
function draftOf(world: World, random: Random, id: number, kind: OrderKind): OrderDraft {
  const items = world.simulator.catalogue.active.slice(0, ITEMS_SOLD);
  const chosen = new Set(Array.from({ length: random.int(1, 2) }, () => random.pick(items)));
  const tax = random.pick(mappedTaxes);
  const lines = [...chosen].map(({ sku, title, brand, priceCents }, index): DraftLine => {
    const quantity = random.int(1, 3);
    const unitCents = priceCents.USD;
    const cents = Math.round((unitCents * quantity * tax.ratePpm) / 1_000_000);
    return {
      id: id * 10 + index,
      sku,
      title,
      vendor: brand,
      productId: null,
      variantId: null,
      grams: 300,
      quantity,
      unitCents,
      discounts: [],
      taxes: [{ title: titleOf(kind, id) ?? tax.title, ratePpm: tax.ratePpm, cents }],
      requiresShipping: true,
      giftCard: false,
    };
  });
  return { ...orderDraft(world.simulator, { id }), number: id % 1_000_000_000, placedAt: new Date(), lines };
}
