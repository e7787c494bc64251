import type { FastifyInstance } from 'fastify';
import { field, jsonBody, listAt, objectAt, type JsonObject, type Refusal } from '../vendor.ts';
import { idText, stringifyExact } from './ids.ts';
import { fulfilmentResource, fulfillmentOrderLineId, fulfillmentOrderResource } from './shapes.ts';
import type { Shop, ShopFulfilment, ShopOrder } from './shop.ts';

/** Fulfilment orders and fulfilments, as shops on API versions since 2023-01 have them. */
export function fulfilmentRoutes(
  app: FastifyInstance,
  prefix: string,
  shop: Shop,
  nextId: () => number,
  notFound: () => Refusal,
  tell: (order: ShopOrder, fulfilment: ShopFulfilment) => void,
): void {
  app.get(`${prefix}/orders/:id/fulfillment_orders.json`, (request, reply) => {
    const order = shop.order(field(request.params, 'id'));
    if (order === undefined) return reply.code(404).send(notFound().body);
    return reply
      .type('application/json')
      .send(stringifyExact({ fulfillment_orders: [fulfillmentOrderResource(order)] }));
  });
  app.get(`${prefix}/orders/:id/fulfillments.json`, (request, reply) => {
    const order = shop.order(field(request.params, 'id'));
    if (order === undefined) return reply.code(404).send(notFound().body);
    const fulfillments = order.fulfilments.map((item) => fulfilmentResource(order, item));
    return reply.type('application/json').send(stringifyExact({ fulfillments }));
  });
  app.post(`${prefix}/fulfillments.json`, (request, reply) => {
    const wanted = objectAt(jsonBody(request), 'fulfillment');
    const group = listAt(wanted, 'line_items_by_fulfillment_order')[0];
    if (wanted === undefined || group === undefined)
      return reply.code(400).send({ errors: { fulfillment: 'Required parameter missing or invalid' } });
    const order = shop.orderOfFulfillmentOrder(idText(group['fulfillment_order_id']));
    if (order === undefined) return reply.code(404).send(notFound().body);
    const lines = linesWanted(order, group);
    if (typeof lines === 'string') return reply.code(422).send({ errors: [lines] });
    const fulfilment = record(shop, order, wanted, lines, nextId());
    tell(order, fulfilment);
    return reply
      .code(201)
      .type('application/json')
      .send(stringifyExact({ fulfillment: fulfilmentResource(order, fulfilment) }));
  });
}

/** Staff of the shop send everything that is left of an order. @throws Error where nothing is. */
export function fulfilByHand(shop: Shop, order: ShopOrder, number: string, id: number): ShopFulfilment {
  const lines = linesWanted(order, {});
  if (typeof lines === 'string') throw new Error(lines);
  return record(shop, order, { tracking_info: { company: 'Other', number } }, lines, id);
}

/** The lines to fulfil; without lines everything that is left. Answers Shopify's complaint where they do not fit. */
function linesWanted(order: ShopOrder, group: JsonObject): { index: number; quantity: number }[] | string {
  if (order.cancelledAt !== null)
    return `Fulfillment order ${order.fulfillmentOrderId} has an unfulfillable status= cancelled.`;
  const asked = listAt(group, 'fulfillment_order_line_items');
  const left = (index: number) => {
    const line = order.lines[index];
    return line === undefined ? 0 : line.quantity - line.fulfilled;
  };
  const everything = order.lines
    .map((_, index) => ({ index, quantity: left(index) }))
    .filter((line) => line.quantity > 0);
  if (everything.length === 0 && order.lines.length > 0)
    return `Fulfillment order ${order.fulfillmentOrderId} has an unfulfillable status= closed.`;
  if (asked.length === 0) return everything;
  const lines: { index: number; quantity: number }[] = [];
  for (const item of asked) {
    const index = order.lines.findIndex((_, i) => String(fulfillmentOrderLineId(order, i)) === idText(item['id']));
    const quantity = Number(item['quantity']);
    if (index < 0) return `Fulfillment order does not exist for line item ${idText(item['id'])}.`;
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > left(index))
      return 'Invalid fulfillment order line item quantity requested.';
    lines.push({ index, quantity });
  }
  return lines;
}

function record(
  shop: Shop,
  order: ShopOrder,
  wanted: JsonObject,
  lines: { index: number; quantity: number }[],
  id: number,
): ShopFulfilment {
  const tracking = objectAt(wanted, 'tracking_info');
  const text = (name: string) => field(tracking, name) || null;
  const fulfilment: ShopFulfilment = {
    id,
    createdAt: new Date().toISOString(),
    company: text('company'),
    trackingNumber: text('number'),
    trackingUrl: text('url'),
    lines: [],
  };
  for (const { index, quantity } of lines) {
    const line = order.lines[index];
    if (line === undefined) continue;
    line.fulfilled += quantity;
    fulfilment.lines.push({ id: line.id, quantity });
  }
  order.fulfilments.push(fulfilment);
  shop.save(order);
  return fulfilment;
}
