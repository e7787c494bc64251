import type { FastifyInstance } from 'fastify';
import { field } from '../vendor.ts';
import type { Intents } from './intents.ts';
import type { Refunds } from './refunds.ts';

const LARGEST_PAGE = 100;
/** Stripe's usual share in the UK: 1.5 % and 20 pence. */
const feeOf = (amount: number) => Math.round(amount * 0.015) + 20;

interface Entry {
  id: string;
  type: 'charge' | 'refund';
  amount: number;
  currency: string;
  created: number;
  source: string;
}

/** `GET /v1/balance_transactions`: what moved the balance, the newest first, further pages by `starting_after`. */
export function balanceRoutes(app: FastifyInstance, intents: Intents, refunds: Pick<Refunds, 'all'>): void {
  app.get('/v1/balance_transactions', (request, reply) => {
    const limit = Math.min(LARGEST_PAGE, Number(field(request.query, 'limit')) || 10);
    const from = Number(field(request.query, 'created[gte]')) || 0;
    const to = Number(field(request.query, 'created[lt]')) || Infinity;
    const type = field(request.query, 'type');
    const after = field(request.query, 'starting_after');
    const found = [...entriesOf(intents), ...refundsOf(refunds)]
      .filter(({ created }) => created >= from && created < to)
      .filter((entry) => type === '' || entry.type === type)
      .sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
    const start = after === '' ? 0 : found.findIndex(({ id }) => id === after) + 1;
    const page = found.slice(start, start + limit);
    return reply.send({
      object: 'list',
      url: '/v1/balance_transactions',
      has_more: found.length > start + limit,
      data: page.map((entry) => {
        const fee = entry.type === 'charge' ? feeOf(entry.amount) : 0;
        return {
          ...entry,
          object: 'balance_transaction',
          available_on: entry.created + 2 * 86_400,
          description: null,
          fee,
          net: entry.amount - fee,
          reporting_category: entry.type,
          status: 'pending',
        };
      }),
    });
  });
}

const entriesOf = (intents: Intents): Entry[] =>
  [...intents.all.values()].flatMap((intent) =>
    intent.captures.map(({ chargeId, amount, created }) => ({
      id: `txn_${chargeId.slice(3)}`,
      type: 'charge' as const,
      amount,
      currency: intent.currency,
      created: created ?? intent.created,
      source: chargeId,
    })),
  );

const refundsOf = ({ all }: Pick<Refunds, 'all'>): Entry[] =>
  [...all.values()].map(({ id, amount, currency, created }) => ({
    id: `txn_${id.slice(3)}`,
    type: 'refund' as const,
    amount: -amount,
    currency,
    created,
    source: id,
  }));
