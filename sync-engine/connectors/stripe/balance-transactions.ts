import { z } from 'zod';
import { fromMinorUnits } from '../../money.ts';
import type { Answer, PreparedCall } from '../connector.ts';
import { readBody } from '../transport/answer.ts';
import { currency, id, integer, seconds } from './event.ts';
import { refused } from './map.ts';

/** What Stripe gives at most. */
const PAGE = 100;

/** The charge, refund or whatever else a balance transaction is of. */
const source = z.object({
  id,
  object: z.string(),
  payment_intent: z.string().nullish(),
  charge: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  amount: integer.nullish(),
  amount_captured: integer.nullish(),
  currency: currency.nullish(),
});

const balanceTransaction = z.object({
  id,
  type: z.string(),
  amount: integer,
  fee: integer,
  currency,
  /** From the source's currency to this one, where they differ. */
  exchange_rate: z.string().nullish(),
  created: seconds,
  description: z.string().nullish(),
  /** What has no object of its own has none. */
  source: z.union([source, id.transform((known): z.infer<typeof source> => ({ id: known, object: '' }))]).nullish(),
});
export type BalanceTransaction = z.infer<typeof balanceTransaction>;

const page = z.object({ has_more: z.boolean(), data: z.array(balanceTransaction) });

export interface Original {
  id: string;
  /** Above zero. */
  amount: string;
  currency: string;
}

/**
 * The charge or refund that a transaction is of, in whole and in its own currency, where that is not the balance's: a
 * payment in euros may be settled in pounds. A charge that was captured in parts has a transaction for each of them.
 */
export function originalOf({ source, currency: settled }: BalanceTransaction): Original | undefined {
  const whole = source?.object === 'charge' ? source.amount_captured : source?.amount;
  if (source?.currency == null || whole == null || !['charge', 'refund'].includes(source.object)) return undefined;
  const currency = source.currency.toUpperCase();
  if (currency === settled.toUpperCase()) return undefined;
  return { id: source.id, amount: fromMinorUnits(whole, currency), currency };
}

/** Asks for a page, with the objects that the transactions are of. */
export function balancePage(
  headers: Record<string, string>,
  narrowed: Record<string, string>,
  cursor?: string,
): PreparedCall {
  const query = new URLSearchParams({ ...narrowed, limit: String(PAGE), 'expand[]': 'data.source' });
  if (cursor !== undefined) query.set('starting_after', cursor);
  return { method: 'GET', path: `/v1/balance_transactions?${query.toString()}`, headers, body: '' };
}

/**
 * Sources: docs.stripe.com/api/balance_transactions/list and docs.stripe.com/api/pagination.
 * @throws ConnectorError where it was refused or is no such page.
 */
export function readBalancePage(answer: Answer): { transactions: BalanceTransaction[]; next?: string } {
  const error = refused(answer);
  if (error !== undefined) throw error;
  const { data, has_more } = readBody(answer, page, "Stripe's balance");
  const last = data.at(-1)?.id;
  return { transactions: data, ...(has_more && last !== undefined ? { next: last } : {}) };
}
