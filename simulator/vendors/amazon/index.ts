import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { field, jsonBody, listAt, objectAt, refuse, type VendorApi, type VendorContext } from '../vendor.ts';
import { refusals, spError } from './answers.ts';
import { createMarket, type Market, type MarketOrder } from './market.ts';
import { createPayouts, type Payouts } from './payouts.ts';
import { createQuotas, operationOf, type Quotas } from './quotas.ts';
import { createTokenDesk, type TokenDesk } from './tokens.ts';

/** Amazon's two minutes until what changed can be listed, in quicker motion. */
const SETTLED_MS = 2_000;
const MOST_ON_A_PAGE = 100;

export interface AmazonApi extends VendorApi {
  market: Market;
  quotas: Quotas;
  tokens: TokenDesk;
  payOut: Payouts['payOut'];
  /** Milliseconds until what changed can be listed. */
  setSettled(ms: number): void;
}

/** Selling Partner API of one marketplace: Orders v0, Tokens and Login with Amazon. */
export function createAmazon(context: VendorContext): AmazonApi {
  const market = createMarket(context);
  const quotas = createQuotas();
  const tokens = createTokenDesk(context);
  const payouts = createPayouts(context, market);
  let settledMs = SETTLED_MS;
  const tokenKind = (request: FastifyRequest) => tokens.kindOf(field(request.headers, 'x-amz-access-token'));
  return {
    market,
    quotas,
    tokens,
    payOut: payouts.payOut,
    setSettled: (ms) => void (settledMs = ms),
    refusals,
    authorised: (request) => request.url.includes('/auth/o2/token') || tokenKind(request) !== undefined,
    routes: (app) => {
      app.addHook('preHandler', async (request, reply) => {
        const operation = operationOf(request.method, request.url.split('?')[0] ?? '');
        if (operation === undefined) return undefined;
        const { rate, within } = quotas.take(operation, context.conditions.limits);
        reply.header('x-amzn-ratelimit-limit', String(rate));
        return within ? undefined : refuse(reply, refusals.throttled(1));
      });
      tokens.routes(app);
      orderRoutes(
        app,
        market,
        () => settledMs,
        (request) => tokenKind(request) === 'restricted',
      );
      confirmationRoute(app, market);
    },
    state: () => ({
      orders: [...market.orders.values()].map(({ id, order, confirmations }) => ({
        id,
        status: order.OrderStatus,
        total: order.OrderTotal.Amount,
        confirmations,
      })),
    }),
    counts: () => ({
      orders: market.orders.size,
      confirmations: [...market.orders.values()].reduce((sum, { confirmations }) => sum + confirmations.length, 0),
      tokens: tokens.issued(),
      payouts: payouts.count(),
      ...quotas.counts(),
    }),
  };
}

function orderRoutes(
  app: FastifyInstance,
  market: Market,
  settledMs: () => number,
  isRestricted: (request: FastifyRequest) => boolean,
): void {
  const found = (request: FastifyRequest, reply: FastifyReply, use: (order: MarketOrder) => object) => {
    const order = market.orders.get(field(request.params, 'id'));
    return order === undefined
      ? refuse(reply, spError(404, 'ResourceNotFound', 'The order was not found.'))
      : reply.send(use(order));
  };
  app.get('/orders/v0/orders', (request, reply) => {
    const listing = listingOf(request, settledMs());
    if ('refusal' in listing) return refuse(reply, listing.refusal);
    const { after, before, offset, size } = listing;
    const chosen = [...market.orders.values()]
      .filter(({ changedAt }) => Date.parse(changedAt) >= after && Date.parse(changedAt) <= before)
      .sort((a, b) => (a.changedAt < b.changedAt ? -1 : 1));
    const next = offset + size;
    const token = next < chosen.length ? { NextToken: tokenOf({ after, before, offset: next, size }) } : {};
    const shown = (record: MarketOrder) => shownOrder(record, isRestricted(request));
    return reply.send({
      payload: {
        Orders: chosen.slice(offset, next).map(shown),
        ...token,
        LastUpdatedBefore: new Date(before).toISOString(),
      },
    });
  });
  app.get('/orders/v0/orders/:id', (request, reply) =>
    found(request, reply, (record) => ({ payload: shownOrder(record, isRestricted(request)) })),
  );
  app.get('/orders/v0/orders/:id/orderItems', (request, reply) =>
    found(request, reply, ({ id, items }) => ({ payload: { AmazonOrderId: id, OrderItems: items } })),
  );
}

interface Listing {
  after: number;
  before: number;
  offset: number;
  size: number;
}

const tokenOf = (listing: Listing): string => Buffer.from(JSON.stringify(listing)).toString('base64url');

function listingOf(request: FastifyRequest, settledMs: number): Listing | { refusal: ReturnType<typeof spError> } {
  const query = (name: string) => field(request.query, name);
  const wrong = (message: string) => ({ refusal: spError(400, 'InvalidInput', message) });
  if (query('MarketplaceIds') === '') return wrong('MarketplaceIds is missing.');
  if (query('NextToken') !== '') {
    try {
      return JSON.parse(Buffer.from(query('NextToken'), 'base64url').toString()) as Listing;
    } catch {
      return wrong('NextToken is invalid.');
    }
  }
  const after = Date.parse(query('LastUpdatedAfter'));
  if (Number.isNaN(after)) return wrong('Either CreatedAfter or LastUpdatedAfter must be given.');
  const latest = Date.now() - settledMs;
  const asked = query('LastUpdatedBefore');
  const before = asked === '' ? latest : Date.parse(asked);
  if (Number.isNaN(before) || before > latest || before < after)
    return wrong('LastUpdatedBefore must be after LastUpdatedAfter and two minutes before now.');
  const size = Math.min(MOST_ON_A_PAGE, Number(query('MaxResultsPerPage')) || MOST_ON_A_PAGE);
  return { after, before, offset: 0, size };
}

/** While it is pending an order has no amounts; addresses beyond the city are for restricted tokens only. */
function shownOrder({ order }: MarketOrder, restricted: boolean) {
  const { OrderTotal, ShippingAddress, ...rest } = order;
  if (order.OrderStatus === 'Pending') return rest;
  const { City, StateOrRegion, PostalCode, CountryCode } = ShippingAddress;
  return {
    ...rest,
    OrderTotal,
    ShippingAddress: restricted ? ShippingAddress : { City, StateOrRegion, PostalCode, CountryCode },
  };
}

function confirmationRoute(app: FastifyInstance, market: Market): void {
  app.post('/orders/v0/orders/:id/shipmentConfirmation', (request, reply) => {
    const invalid = (message: string) => refuse(reply, spError(400, 'InvalidInput', message));
    const record = market.orders.get(field(request.params, 'id'));
    if (record === undefined) return refuse(reply, spError(404, 'ResourceNotFound', 'The order was not found.'));
    const body = jsonBody(request);
    const detail = objectAt(body, 'packageDetail');
    if (field(body, 'marketplaceId') !== record.order.MarketplaceId) return invalid('marketplaceId is wrong.');
    const id = field(detail, 'packageReferenceId');
    if (!/^[1-9]\d{0,18}$/.test(id)) return invalid('packageReferenceId must be a positive number.');
    for (const name of ['carrierCode', 'trackingNumber', 'shipDate'])
      if (field(detail, name) === '') return invalid(`${name} is missing.`);
    if (field(detail, 'carrierCode') === 'Other' && field(detail, 'carrierName') === '')
      return invalid('carrierName is missing.');
    if (record.order.OrderStatus === 'Canceled') return invalid('The order is canceled.');
    const problem = market.confirm(record, {
      packageReferenceId: id,
      carrierCode: field(detail, 'carrierCode'),
      trackingNumber: field(detail, 'trackingNumber'),
      items: listAt(detail, 'orderItems').map((item) => ({
        orderItemId: field(item, 'orderItemId'),
        quantity: Number(item['quantity']),
      })),
    });
    return problem === undefined ? reply.code(204).send() : invalid(problem);
  });
}
