import type { FastifyInstance } from 'fastify';
import { formatCents, parseCents } from '../../amount.ts';
import { field, jsonBody, listAt, objectAt, type JsonObject, type Refusal } from '../vendor.ts';
import { idText, idValue, stringifyExact } from './ids.ts';
import { transactionResource } from './shapes.ts';
import type { Shop, ShopOrder, ShopRefund, ShopTransaction } from './shop.ts';

const invalid = (message: string): Refusal => ({ status: 422, body: { errors: { base: [message] } } });

/** Refunds of an order: created with or without money, read as a list (shopify.dev, REST resource Refund). */
export function refundRoutes(
  app: FastifyInstance,
  prefix: string,
  shop: Shop,
  nextId: () => number,
  notFound: () => Refusal,
  told: (order: ShopOrder, refund: ShopRefund) => void,
): void {
  app.get(`${prefix}/orders/:id/refunds.json`, (request, reply) => {
    const order = shop.order(field(request.params, 'id'));
    if (order === undefined) return reply.code(404).send(notFound().body);
    const refunds = (order.refunds ?? []).map((one) => refundResource(order, one));
    return reply.type('application/json').send(stringifyExact({ refunds }));
  });
  app.post(`${prefix}/orders/:id/refunds.json`, (request, reply) => {
    const order = shop.order(field(request.params, 'id'));
    if (order === undefined) return reply.code(404).send(notFound().body);
    const wanted = objectAt(jsonBody(request), 'refund');
    if (wanted === undefined)
      return reply.code(400).send({ errors: { refund: 'Required parameter missing or invalid' } });
    const made = refundOrder(shop, order, wanted, nextId);
    if ('status' in made) return reply.code(made.status).send(made.body);
    told(order, made);
    return reply
      .code(201)
      .type('application/json')
      .send(stringifyExact({ refund: refundResource(order, made) }));
  });
}

/** Books a refund. Answers Shopify's complaint where it does not fit the order. */
export function refundOrder(
  shop: Shop,
  order: ShopOrder,
  wanted: JsonObject,
  nextId: () => number,
): ShopRefund | Refusal {
  const lines = listAt(wanted, 'refund_line_items').map((item) => ({
    id: idText(item['line_item_id']),
    quantity: Number(item['quantity']),
    restockType: field(item, 'restock_type') || 'no_restock',
    locationId: idText(item['location_id']) || null,
    subtotalCents: parseCents(item['subtotal'] ?? '0.00') ?? 0,
    taxCents: parseCents(item['total_tax'] ?? '0.00') ?? 0,
  }));
  for (const line of lines) {
    const known = order.lines.find(({ id }) => id === line.id);
    if (known === undefined) return invalid(`Line item ${line.id} does not belong to this order`);
    const back = (order.refunds ?? [])
      .flatMap((one) => one.lines)
      .reduce((sum, one) => (one.id === line.id ? sum + one.quantity : sum), 0);
    if (!Number.isInteger(line.quantity) || line.quantity < 1 || back + line.quantity > known.quantity) {
      order.refusedRefunds = (order.refusedRefunds ?? 0) + 1;
      shop.save(order);
      return invalid('Refund line items quantity cannot refund more items than were purchased');
    }
  }
  const asked = listAt(wanted, 'transactions').map((item) => ({
    parentId: Number(idText(item['parent_id'])),
    cents: parseCents(item['amount']) ?? 0,
  }));
  for (const { parentId, cents } of asked) {
    const left = leftCents(order, parentId);
    if (cents > left) {
      order.refusedRefunds = (order.refusedRefunds ?? 0) + 1;
      shop.save(order);
      return invalid(`Refund amount ${formatCents(cents)} is greater than the refundable amount ${formatCents(left)}`);
    }
  }
  const transactions = asked.map(({ parentId, cents }) =>
    shop.addTransaction(order, {
      kind: 'refund',
      gateway: order.transactions.find(({ id }) => id === parentId)?.gateway ?? order.gateway,
      cents,
      parentId,
    }),
  );
  const refund: ShopRefund = {
    id: nextId(),
    createdAt: new Date().toISOString(),
    note: field(wanted, 'note'),
    lines,
    shippingCents: parseCents(objectAt(wanted, 'shipping')?.['amount'] ?? '0.00') ?? 0,
    transactions: transactions.map(({ id }) => id),
  };
  order.refunds = [...(order.refunds ?? []), refund];
  shop.save(order);
  return refund;
}

/** What of a payment can still be given back. */
export function leftCents(order: ShopOrder, parentId: number): number {
  const parent = order.transactions.find(({ id }) => id === parentId);
  if (parent === undefined || (parent.kind !== 'capture' && parent.kind !== 'sale')) return 0;
  const given = order.transactions.filter((item) => item.kind === 'refund' && item.parentId === parentId);
  return given.reduce((left, item) => left - item.cents, parent.cents);
}

/** The refund as the API answers it and as `refunds/create` carries it. */
export function refundResource(order: ShopOrder, refund: ShopRefund): JsonObject {
  const money = refund.transactions.flatMap((id): ShopTransaction[] =>
    order.transactions.filter((item) => item.id === id),
  );
  return {
    id: refund.id,
    order_id: idValue(order.id),
    created_at: refund.createdAt,
    processed_at: refund.createdAt,
    note: refund.note,
    user_id: null,
    restock: refund.lines.some(({ restockType }) => restockType === 'return'),
    admin_graphql_api_id: `gid://shopify/Refund/${refund.id}`,
    refund_line_items: refund.lines.map((line, index) => ({
      id: refund.id * 100 + index,
      line_item_id: idValue(line.id),
      quantity: line.quantity,
      location_id: line.locationId === null ? null : idValue(line.locationId),
      restock_type: line.restockType,
      subtotal: formatCents(line.subtotalCents),
      total_tax: formatCents(line.taxCents),
    })),
    order_adjustments:
      refund.shippingCents === 0
        ? []
        : [
            {
              id: refund.id * 100 + 99,
              order_id: idValue(order.id),
              refund_id: refund.id,
              amount: formatCents(-refund.shippingCents),
              tax_amount: '0.00',
              kind: 'shipping_refund',
              reason: 'Shipping refund',
            },
          ],
    transactions: money.map((item) => transactionResource(order, item)),
  };
}
