import { expect, test } from 'vitest';
import type { Order } from '#contracts/v1/order.ts';
import { buildAmazonOrder } from '#simulator/amazon-order.ts';
import { createCatalogue } from '#simulator/catalogue/catalogue.ts';
import { buildChannelOrder } from '#simulator/channel-order.ts';
import type { OrderDraft } from '#simulator/order-draft.ts';
import { createRandom } from '#simulator/random.ts';
import { buildShopifyOrder } from '#simulator/shopify-order.ts';
import { createCheckout } from '#simulator/traffic/checkout.ts';
import { channelProfiles, type ChannelProfile } from '#simulator/traffic/profiles.ts';
import { canonicaliseAmazonOrder } from '#sync-engine/connectors/amazon/map.ts';
import { canonicaliseChannelApiOrder } from '#sync-engine/connectors/channel-api/canonical-order.ts';
import { salesOrderRecord } from '#sync-engine/connectors/netsuite/sales-order.ts';
import { canonicaliseShopifyOrder } from '#sync-engine/connectors/shopify/canonical-order.ts';
import { parseExactJson, stringifyExactJson } from '#platform/exact-json.ts';
import { taxPlaces } from '#sync-engine/flows/order/rules/taxes.ts';
import { checkTotals } from '#sync-engine/flows/order/rules/totals.ts';
import { Decimal } from '#sync-engine/money.ts';
import { testEstate } from '#tests/support/simulator.ts';

const estate = testEstate();
const ordersPerChannel = 400;
let lastId = 5_000_000_000_000;
const checkout = createCheckout(createCatalogue('canonical', 500), createRandom('canonical'), () => ++lastId);

function placedAt(profile: ChannelProfile, number: number): Order {
  const draft = checkout.draft(profile, number, new Date('2026-03-01T12:00:00Z'));
  const { body, canonicalise } = told(profile, draft, number);
  const result = canonicalise(JSON.stringify(body), {
    estate,
    system: profile.channel.system,
    mapping: () => undefined,
  });
  if (!('order' in result)) throw new Error(`${JSON.stringify(result)} in ${JSON.stringify(body)}`);
  return result.order;
}

function told({ kind }: ChannelProfile, draft: OrderDraft, number: number) {
  switch (kind) {
    case 'shopify':
      return { body: buildShopifyOrder(draft, 'northwind.example'), canonicalise: canonicaliseShopifyOrder };
    case 'amazon': {
      const { order, items } = buildAmazonOrder(draft);
      return { body: { Order: order, OrderItems: items }, canonicalise: canonicaliseAmazonOrder };
    }
    case 'channel-api': {
      const ids = { externalId: `m-${number}`, number: `M${number}`, paymentReference: 'pi_1' };
      return { body: buildChannelOrder(draft, ids), canonicalise: canonicaliseChannelApiOrder };
    }
  }
}

/** What the ERP makes of the record: the sum of its rows, tax details and shipping. */
function bookedTotal(order: Order): string {
  const settings = estate.systems.find(({ kind }) => kind === 'netsuite')?.settings ?? {};
  const taxCodes = Object.fromEntries(taxPlaces(order).map(({ code }) => [code, 'T']));
  const { body } = salesOrderRecord(
    { order, postingKey: 'p', subsidiary: '2', location: 'dc-east', taxCodes },
    settings,
  );
  const sent = parseExactJson(stringifyExactJson(body)) as {
    item: { items: { amount: string }[] };
    taxDetails?: { items: { taxAmount: string }[] };
    shippingCost: string;
  };
  const parts = [
    ...sent.item.items.map(({ amount }) => amount),
    ...(sent.taxDetails?.items ?? []).map(({ taxAmount }) => taxAmount),
    sent.shippingCost,
  ];
  return parts.reduce((sum, part) => sum.plus(part), new Decimal(0)).toFixed(2);
}

test.each(channelProfiles(estate))(
  'every order of $channel.name adds up, and so does what the ERP books',
  (profile) => {
    for (let number = 1001; number < 1001 + ordersPerChannel; number++) {
      const order = placedAt(profile, number);
      expect(checkTotals(order, '0.00')).toEqual([]);
      expect(bookedTotal(order)).toBe(order.totals.total);
    }
  },
);
