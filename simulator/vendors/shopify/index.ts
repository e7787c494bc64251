import type { FastifyInstance } from 'fastify';
import { createBucket } from '../../bucket.ts';
import type { SaleCurrency } from '../../catalogue/catalogue.ts';
import { sameSecret } from '../../sign.ts';
import { shopifyWebhook } from '../../shopify-webhook.ts';
import {
  field,
  jsonBody,
  type JsonObject,
  listAt,
  objectAt,
  type Refusal,
  type VendorApi,
  type VendorContext,
} from '../vendor.ts';
import { balanceRoutes } from './balance.ts';
import { fulfilByHand, fulfilmentRoutes } from './fulfilments.ts';
import { graphqlRoutes, type ShownQuantity } from './graphql.ts';
import { stringifyExact } from './ids.ts';
import { orderListRoute } from './order-list.ts';
import { levelRoutes, toTheSecond } from './levels.ts';
import { transactionRoutes } from './payments.ts';
import { refundOrder, refundResource, refundRoutes } from './refunds.ts';
import { returnResource, type RequestedLine } from './returns.ts';
import { chosenFields, fulfilmentResource, orderResource } from './shapes.ts';
import { createShopProducts } from './products.ts';
import { createShopPrices } from './prices.ts';
import { createSubscriptions, subscriptionRoutes, type Subscriptions } from './subscriptions.ts';
import { createShop, summarise, type Shop, type ShopFulfilment, type ShopOrder, type ShopRefund } from './shop.ts';

/** REST on Shopify's enterprise plan: 800 calls at once, 40 a second (shopify.dev/docs/api/usage/limits). */
const CAPACITY = 800;
const LEAK = 40;

const notFound = (): Refusal => ({ status: 404, body: { errors: 'Not Found' } });

/** Times a shop tells of a refund before it gives up. */
const ATTEMPTS = 40;

export interface ShopifyApi extends VendorApi {
  shop: Shop;
  /** Webhooks that it sends. */
  subscriptions: Subscriptions;
  /** Staff of the shop refund an order by hand; the shop tells of it. `wanted` is the API's own `refund`. */
  refund: (orderId: string, wanted: JsonObject) => ShopRefund | Refusal;
  /** They send all that is left of one themselves; the shop tells of it. @returns the fulfilment's id. */
  fulfil: (orderId: string, trackingNumber: string) => string;
  /** They set by hand what the shop shows of an item; the shop tells of it. */
  setLevel: (sku: string, locationId: string, quantity: number) => void;
  /** A customer asks in the shop to send goods back. @returns the return's name. */
  requestReturn: (orderId: string, lines: readonly RequestedLine[]) => string;
}

/** Admin API of one shop (REST and the few GraphQL operations used), token in X-Shopify-Access-Token. */
export function createShopify(context: VendorContext, currency: SaleCurrency): ShopifyApi {
  const shop = createShop(context);
  const subscriptions = createSubscriptions(context);
  const shown = context.store.collection<ShownQuantity>(`${context.system.id}.shown`);
  const prices = createShopPrices(context, currency);
  const products = createShopProducts(context);
  const token = context.setting('access_token');
  const prefix = `/admin/api/${context.system.settings['api_version'] ?? '2025-01'}`;
  const bucket = createBucket(CAPACITY, LEAK);
  const tell = (topic: string, resource: JsonObject) => {
    if (!subscriptions.has(topic)) return;
    const delivery = shopifyWebhook({
      topic,
      shop: context.setting('shop_domain'),
      secret: context.setting('webhook_secret'),
      body: stringifyExact(resource),
      triggeredAt: new Date(),
      origin: 'simulated',
    });
    void context.intake.deliver(delivery, ATTEMPTS);
  };
  const tellRefund = (order: ShopOrder, refund: ShopRefund) => tell('refunds/create', refundResource(order, refund));
  const tellFulfilment = (order: ShopOrder, fulfilment: ShopFulfilment) =>
    tell('fulfillments/create', fulfilmentResource(order, fulfilment));
  const orderOf = (id: string): ShopOrder => {
    const order = shop.order(id);
    if (order === undefined) throw new Error(`the shop has no order ${id}`);
    return order;
  };
  return {
    shop,
    subscriptions,
    refund: (orderId, wanted) => {
      const order = shop.order(orderId);
      if (order === undefined) return notFound();
      const made = refundOrder(shop, order, wanted, context.nextId);
      if (!('status' in made)) tellRefund(order, made);
      return made;
    },
    fulfil: (orderId, trackingNumber) => {
      const order = orderOf(orderId);
      const fulfilment = fulfilByHand(shop, order, trackingNumber, context.nextId());
      tellFulfilment(order, fulfilment);
      return String(fulfilment.id);
    },
    setLevel: (sku, locationId, quantity) => {
      const item = context.catalogue.bySku(sku)?.inventoryItemId;
      if (item === undefined) throw new Error(`the shop has no item ${sku}`);
      const at = new Date().toISOString();
      shown.put(`${sku}@${locationId}`, { sku, location_id: locationId, quantity, at, reference: '' });
      tell('inventory_levels/update', {
        inventory_item_id: item,
        location_id: Number(locationId),
        available: quantity,
        updated_at: toTheSecond(at),
        admin_graphql_api_id: `gid://shopify/InventoryLevel/${locationId}?inventory_item_id=${item}`,
      });
    },
    requestReturn: (orderId, lines) => {
      const order = orderOf(orderId);
      const id = context.nextId();
      tell('returns/request', returnResource(order, { id, lines }));
      return `${order.name}-R${id}`;
    },
    authorised: (request) => sameSecret(field(request.headers, 'x-shopify-access-token'), token),
    limit: (request, reply) => {
      if (request.url.endsWith('/graphql.json')) return undefined;
      const fits = bucket.take(1);
      reply.header('x-shopify-shop-api-call-limit', `${Math.ceil(bucket.level())}/${CAPACITY}`);
      return fits ? undefined : refusals.throttled(bucket.secondsUntil(1));
    },
    refusals,
    routes: (app) => {
      orderRoutes(app, prefix, shop);
      subscriptionRoutes(app, prefix, subscriptions);
      transactionRoutes(app, prefix, shop, notFound);
      refundRoutes(app, prefix, shop, context.nextId, notFound, tellRefund);
      fulfilmentRoutes(app, prefix, shop, context.nextId, notFound, tellFulfilment);
      graphqlRoutes(app, prefix, context, shown, prices, products);
      levelRoutes(app, prefix, context, shown);
      balanceRoutes(app, prefix, shop, currency);
    },
    state: () => ({
      orders: [...shop.orders.values()].map(summarise),
      inventory: [...shown.values()],
      prices: prices.list(),
      products: products.list(),
    }),
    counts: () => counts(shop, shown.size),
  };
}

const refusals = {
  unauthorised: (): Refusal => ({
    status: 401,
    body: { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' },
  }),
  internal: (): Refusal => ({ status: 500, body: { errors: 'Internal Server Error' } }),
  throttled: (seconds: number): Refusal => ({
    status: 429,
    headers: { 'retry-after': `${seconds}.0` },
    body: {
      errors: 'Exceeded 40 calls per second for api client. Reduce request rates to resume uninterrupted service.',
    },
  }),
  unavailable: (seconds: number): Refusal => ({
    status: 503,
    headers: { 'retry-after': String(seconds) },
    body: { errors: 'Service Unavailable' },
  }),
};

function orderRoutes(app: FastifyInstance, prefix: string, shop: Shop): void {
  orderListRoute(app, prefix, shop);
  app.get(`${prefix}/orders/:file`, (request, reply) => {
    const order = shop.order(field(request.params, 'file').replace(/\.json$/, ''));
    if (order === undefined) return reply.code(404).send(notFound().body);
    const fields = field(request.query, 'fields').split(',').filter(Boolean);
    const resource = { order: chosenFields(order, shop.bodies.get(order.id), fields) };
    return reply.type('application/json').send(stringifyExact(resource));
  });
  app.put(`${prefix}/orders/:file`, (request, reply) => {
    const order = shop.order(field(request.params, 'file').replace(/\.json$/, ''));
    if (order === undefined) return reply.code(404).send(notFound().body);
    const wanted = objectAt(jsonBody(request), 'order');
    if (wanted === undefined)
      return reply.code(400).send({ errors: { order: 'Required parameter missing or invalid' } });
    if (typeof wanted['tags'] === 'string') order.tags = wanted['tags'];
    if ('note_attributes' in wanted) order.noteAttributes = listAt(wanted, 'note_attributes');
    shop.save(order);
    const resource = { order: orderResource(order, shop.bodies.get(order.id)) };
    return reply.type('application/json').send(stringifyExact(resource));
  });
  app.post(`${prefix}/orders/:id/cancel.json`, (request, reply) => {
    const order = shop.order(field(request.params, 'id'));
    if (order === undefined) return reply.code(404).send(notFound().body);
    if (order.fulfilments.length > 0)
      return reply.code(422).send({ error: 'Cannot cancel an order that has been fulfilled' });
    order.cancelledAt ??= new Date().toISOString();
    order.cancelReason ??= field(jsonBody(request), 'reason') || 'other';
    shop.save(order);
    const resource = { order: orderResource(order, shop.bodies.get(order.id)) };
    return reply.type('application/json').send(stringifyExact(resource));
  });
}

function counts(shop: Shop, inventory: number): Record<string, number> {
  const total = {
    orders: shop.orders.size,
    captures: 0,
    voids: 0,
    fulfilments: 0,
    cancelled: 0,
    refused_captures: 0,
    refunds: 0,
    refused_refunds: 0,
    inventory,
  };
  for (const order of shop.orders.values()) {
    total.captures += order.transactions.filter((item) => item.kind === 'capture').length;
    total.voids += order.transactions.filter((item) => item.kind === 'void').length;
    total.fulfilments += order.fulfilments.length;
    total.cancelled += order.cancelledAt === null ? 0 : 1;
    total.refused_captures += order.refusedCaptures;
    total.refunds += order.refunds?.length ?? 0;
    total.refused_refunds += order.refusedRefunds ?? 0;
  }
  return total;
}
