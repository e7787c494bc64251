import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseCents } from '../../amount.ts';
import { field, jsonBody, objectAt, type Refusal } from '../vendor.ts';
import { stringifyExact } from './ids.ts';
import { transactionResource } from './shapes.ts';
import { remainingCents, type Shop, type ShopOrder, type ShopTransaction } from './shop.ts';

const invalid = (message: string): Refusal => ({ status: 422, body: { errors: { base: [message] } } });

/** Transactions of an order: read, capture (also in parts), void. */
export function transactionRoutes(app: FastifyInstance, prefix: string, shop: Shop, notFound: () => Refusal): void {
  app.get(`${prefix}/orders/:id/transactions.json`, (request, reply) => {
    const order = shop.order(field(request.params, 'id'));
    if (order === undefined) return reply.code(404).send(notFound().body);
    const transactions = order.transactions.map((item) => transactionResource(order, item));
    return reply.type('application/json').send(stringifyExact({ transactions }));
  });
  app.post(`${prefix}/orders/:id/transactions.json`, (request: FastifyRequest, reply: FastifyReply) => {
    const order = shop.order(field(request.params, 'id'));
    if (order === undefined) return reply.code(404).send(notFound().body);
    const wanted = objectAt(jsonBody(request), 'transaction');
    if (wanted === undefined)
      return reply.code(400).send({ errors: { transaction: 'Required parameter missing or invalid' } });
    const result = transact(shop, order, wanted['kind'], wanted['amount']);
    if ('status' in result) return reply.code(result.status).send(result.body);
    return reply
      .code(201)
      .type('application/json')
      .send(stringifyExact({ transaction: transactionResource(order, result) }));
  });
}

function transact(shop: Shop, order: ShopOrder, kind: unknown, amount: unknown): ShopTransaction | Refusal {
  const authorization = order.transactions.find((item) => item.kind === 'authorization');
  const parentId = authorization?.id ?? null;
  const remaining = remainingCents(order);
  if (kind === 'void') {
    if (order.transactions.some((item) => item.kind === 'void' || item.kind === 'capture'))
      return invalid('Authorization has already been captured or voided');
    const made = shop.addTransaction(order, { kind: 'void', gateway: order.gateway, cents: 0, parentId });
    shop.save(order);
    return made;
  }
  if (kind !== 'capture') return invalid(`${String(kind)} is not a valid transaction`);
  const cents = amount === undefined || amount === null ? remaining : parseCents(amount);
  if (cents === undefined || cents <= 0 || cents === Infinity) return invalid('Amount must be greater than zero');
  if (cents > remaining) {
    order.refusedCaptures++;
    shop.save(order);
    return invalid('The amount to be captured exceeds the authorized amount');
  }
  const made = shop.addTransaction(order, { kind: 'capture', gateway: order.gateway, cents, parentId });
  shop.save(order);
  return made;
}
