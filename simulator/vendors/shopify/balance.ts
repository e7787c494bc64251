import type { FastifyInstance } from 'fastify';
import { formatCents } from '../../amount.ts';
import { field } from '../vendor.ts';
import { stringifyExact, idValue } from './ids.ts';
import { linkNext } from './levels.ts';
import type { Shop } from './shop.ts';

const LARGEST_PAGE = 250;
/** What Shopify Payments keeps of a charge: 2.5 % and 30 cents. */
const feeOf = (cents: number) => Math.round(cents * 0.025) + 30;
/** How an order's transaction stands in the balance; authorisations, voids and gift cards do not move it. */
const balanceTypes: Readonly<Record<string, 'charge' | 'refund'>> = {
  capture: 'charge',
  sale: 'charge',
  refund: 'refund',
};

/** `GET shopify_payments/balance/transactions.json`: what moved the shop's balance, the newest first. */
export function balanceRoutes(app: FastifyInstance, prefix: string, shop: Shop, currency: string): void {
  app.get(`${prefix}/shopify_payments/balance/transactions.json`, (request, reply) => {
    const limit = Math.min(LARGEST_PAGE, Number(field(request.query, 'limit')) || 50);
    const info = field(request.query, 'page_info');
    const before = info === '' ? Infinity : (JSON.parse(Buffer.from(info, 'base64url').toString()) as Before).before;
    const found = [...shop.orders.values()]
      .flatMap((order) => order.transactions.map((transaction) => ({ order, transaction })))
      .filter(({ transaction }) => transaction.gateway !== 'gift_card' && transaction.kind in balanceTypes)
      .filter(({ transaction }) => transaction.id < before)
      .sort((a, b) => b.transaction.id - a.transaction.id);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last !== undefined) linkNext(request, reply, { before: last.transaction.id }, limit);
    const transactions = page.map(({ order, transaction }) => {
      const type = balanceTypes[transaction.kind] ?? 'adjustment';
      const cents = type === 'refund' ? -Math.abs(transaction.cents) : transaction.cents;
      const fee = type === 'charge' ? feeOf(cents) : 0;
      return {
        id: transaction.id,
        type,
        test: false,
        payout_id: null,
        payout_status: 'pending',
        currency: order.currency || currency,
        amount: formatCents(cents),
        fee: formatCents(fee),
        net: formatCents(cents - fee),
        source_id: transaction.id,
        source_type: type,
        source_order_id: idValue(order.id),
        source_order_transaction_id: transaction.id,
        processed_at: transaction.createdAt,
      };
    });
    return reply.type('application/json').send(stringifyExact({ transactions }));
  });
}

interface Before {
  before: number;
}
