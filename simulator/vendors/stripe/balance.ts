import type { FastifyInstance } from 'fastify';
import type { Collection } from '../../store.ts';
import { field } from '../vendor.ts';
import { chargeResource, type Exchange, type Intents } from './intents.ts';
import { refundResource, type Refunds } from './refunds.ts';

const LARGEST_PAGE = 100;
/** Stripe's usual share in the UK: 1.5 % and 20 pence. */
const feeOf = (amount: number) => Math.round(amount * 0.015) + 20;

/** What moved the account's balance, in minor units. */
export interface Entry {
  id: string;
  type: 'charge' | 'refund' | 'refund_failure' | 'adjustment' | 'payout';
  amount: number;
  fee: number;
  currency: string;
  exchange_rate?: number;
  created: number;
  description: string | null;
  /** Id of the charge or refund it is of, and the object itself; without one, it is of neither. */
  source: string | null;
  object?: object;
}

/** A payout, as the account remembers it; `entries` are in it. */
export interface PaidOut {
  id: string;
  amount: number;
  currency: string;
  created: number;
  entries: string[];
}

export interface Balance {
  intents: Intents;
  refunds: Pick<Refunds, 'all'>;
  /** What no payment is behind. */
  adjustments: Collection<Entry>;
  payouts: Collection<PaidOut>;
}

/** All that ever moved the balance but payouts. */
export const entriesOf = (balance: Balance): Entry[] => [
  ...chargesOf(balance.intents),
  ...refundsOf(balance.refunds),
  ...balance.adjustments.values(),
];

/** `GET /v1/balance_transactions`: what moved the balance, the newest first, further pages by `starting_after`. */
export function balanceRoutes(app: FastifyInstance, balance: Balance): void {
  app.get('/v1/balance_transactions', (request, reply) => {
    const limit = Math.min(LARGEST_PAGE, Number(field(request.query, 'limit')) || 10);
    const from = Number(field(request.query, 'created[gte]')) || 0;
    const to = Number(field(request.query, 'created[lt]')) || Infinity;
    const type = field(request.query, 'type');
    const after = field(request.query, 'starting_after');
    const payout = field(request.query, 'payout');
    const expands = field(request.query, 'expand[]') === 'data.source';
    const found = entriesIn(balance, payout)
      .filter(({ created }) => created >= from && created < to)
      .filter((entry) => type === '' || entry.type === type)
      .sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
    const start = after === '' ? 0 : found.findIndex(({ id }) => id === after) + 1;
    const page = found.slice(start, start + limit);
    return reply.send({
      object: 'list',
      url: '/v1/balance_transactions',
      has_more: found.length > start + limit,
      data: page.map(({ object, source, exchange_rate = null, ...entry }) => ({
        ...entry,
        exchange_rate,
        object: 'balance_transaction',
        available_on: entry.created + 2 * 86_400,
        net: entry.amount - entry.fee,
        reporting_category: entry.type,
        source: expands ? (object ?? source) : source,
        status: 'pending',
      })),
    });
  });
}

/** Everything, or what is in one payout, the transfer itself among it. */
function entriesIn(balance: Balance, payout: string): Entry[] {
  const all = entriesOf(balance);
  if (payout === '') return all;
  const paid = balance.payouts.get(payout);
  if (paid === undefined) return [];
  const within = new Set(paid.entries);
  const transfer: Entry = {
    id: `txn_${paid.id}`,
    type: 'payout',
    amount: -paid.amount,
    fee: 0,
    currency: paid.currency,
    created: paid.created,
    description: 'STRIPE PAYOUT',
    source: paid.id,
  };
  return [...all.filter(({ id }) => within.has(id)), transfer];
}

const chargesOf = (intents: Intents): Entry[] =>
  [...intents.all.values()].flatMap((intent) =>
    intent.captures.map((taken) => {
      const settled = settledAs(taken.amount, intent.currency, taken.exchange);
      return {
        id: `txn_${taken.chargeId.slice(3)}`,
        type: 'charge' as const,
        ...settled,
        fee: feeOf(settled.amount),
        created: taken.created ?? intent.created,
        description: null,
        source: taken.chargeId,
        object: chargeResource(intent, taken),
      };
    }),
  );

const refundsOf = ({ all }: Pick<Refunds, 'all'>): Entry[] =>
  [...all.values()].flatMap((refund) => {
    const { id, currency, created, failed } = refund;
    const { amount, ...settled } = settledAs(refund.amount, currency, refund.exchange);
    const entry = { fee: 0, ...settled, description: null, source: id, object: refundResource(refund) };
    const given: Entry = { ...entry, id: `txn_${id.slice(3)}`, type: 'refund', amount: -amount, created };
    if (failed === undefined) return [given];
    return [given, { ...entry, id: `txn_${id.slice(3)}_back`, type: 'refund_failure', amount, created: failed.at }];
  });

const minorDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** The rate is told with six decimals, however exact the one is that was exchanged at. */
function settledAs(amount: number, currency: string, exchange?: Exchange) {
  if (exchange === undefined) return { amount, currency };
  const smaller = 10 ** (minorDigits(exchange.currency) - minorDigits(currency));
  return {
    amount: Math.round(amount * exchange.rate * smaller),
    currency: exchange.currency,
    exchange_rate: Number(exchange.rate.toFixed(6)),
  };
}
