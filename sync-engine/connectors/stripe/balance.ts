import { z } from 'zod';
import { Decimal, fromMinorUnits } from '../../money.ts';
import type { BalanceEntry, ReconciliationServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { refused } from './map.ts';

const PAGE = 100;

const integer = z.string().regex(/^-?\d{1,18}$/);
const balancePage = z.object({
  has_more: z.boolean(),
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      amount: integer,
      fee: integer,
      currency: z.string(),
      created: integer,
      source: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish(),
    }),
  ),
});

const typeOf = (type: string): BalanceEntry['type'] =>
  type === 'charge' || type === 'payment'
    ? 'charge'
    : type === 'refund' || type === 'payment_refund'
      ? 'refund'
      : 'other';

/** Source: docs.stripe.com/api/balance_transactions/list and docs.stripe.com/api/pagination. */
export const listBalance = (headers: Record<string, string>): ReconciliationServices['list_balance'] => ({
  name: 'list_balance',
  prepare: ({ from, to, cursor }) => {
    const query = new URLSearchParams({
      limit: String(PAGE),
      'created[gte]': String(Math.floor(Date.parse(from) / 1000)),
      'created[lt]': String(Math.ceil(Date.parse(to) / 1000)),
    });
    if (cursor !== undefined) query.set('starting_after', cursor);
    return { method: 'GET', path: `/v1/balance_transactions?${query.toString()}`, headers, body: '' };
  },
  read(answer) {
    const error = refused(answer);
    if (error !== undefined) throw error;
    const { data, has_more } = readBody(answer, balancePage, "Stripe's balance");
    const last = data.at(-1)?.id;
    return {
      items: data.map((one) => {
        const currency = one.currency.toUpperCase();
        return {
          id: one.id,
          type: typeOf(one.type),
          reference: one.source ?? '',
          amount: fromMinorUnits(new Decimal(one.amount).abs().toFixed(0), currency),
          fee: fromMinorUnits(one.fee, currency),
          currency,
          at: new Date(Number(one.created) * 1000).toISOString(),
        };
      }),
      ...(has_more && last !== undefined ? { next: last } : {}),
    };
  },
});
