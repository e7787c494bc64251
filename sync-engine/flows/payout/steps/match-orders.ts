import type { CaseProblem } from '#contracts/v1/case.ts';
import { parseTransactionKey } from '#contracts/v1/key.ts';
import type { Payout, PayoutLine } from '#contracts/v1/payout.ts';
import { inParallel } from '#platform/in-parallel.ts';
import { payoutOf } from '../kept-payout.ts';
import { type PayoutEnv, type PayoutInline, type PayoutView } from '../payout-data.ts';
import { linesByOrder, linesOf, matchOrder, matchPayment, unknownLines } from '../rules/match.ts';

/** Orders of one payout that have a case of their own; the others are told of by the figures on its step. */
const MOST_BREAKS = 200;
/** Orders looked up, and breaks begun, at the same time. */
const AT_ONCE = 16;
/** Stands for the lines of no order. */
const NO_ORDER = 'rows';

/** The breaks: every order that does not match has a transaction of its own, which stops with a case and matches later. */
export const matchOrders: PayoutInline = {
  kind: 'inline',
  name: 'match_orders',
  next: () => 'erp_post_journal',
  run: async (view, env) => {
    const payout = await payoutOf(view, env);
    const orders = linesByOrder(payout.lines);
    const broken = new Set<string>();
    await inParallel(orders, AT_ONCE, async ([id, lines]) => {
      if ((await orderProblem(view, env, payout, id, lines)) !== undefined) broken.add(id);
    });
    // In the payout's own order, so that a repeat opens the same ones.
    const unmatched = [...orders.keys()].filter((id) => broken.has(id));
    if (unknownLines(payout.lines).length > 0) unmatched.unshift(NO_ORDER);
    await inParallel(unmatched.slice(0, MOST_BREAKS), AT_ONCE, (id) => env.open(view, id));
    return {
      status: 'completed',
      attributes: { orders: String(orders.size), breaks: String(unmatched.length) },
    };
  },
};

/** One break: it is over once the order matches, or somebody discards its case. */
export const matchOrderStep: PayoutInline = {
  kind: 'inline',
  name: 'match_order',
  ofMessage: true,
  next: () => 'match_order',
  run: async (view, env) => {
    const problem = await problemOf(view, env, view.data.order_id);
    if (problem !== undefined) return { status: 'quarantined', problems: [problem] };
    return { status: 'completed', attributes: { payout_id: view.data.payout_id }, finish: true };
  },
};

async function problemOf(view: PayoutView, env: PayoutEnv, id: string): Promise<CaseProblem | undefined> {
  const payout = await payoutOf(view, env);
  if (id === NO_ORDER) return notKnown(unknownLines(payout.lines));
  return orderProblem(view, env, payout, id, linesOf(payout.lines, id));
}

async function orderProblem(
  view: PayoutView,
  env: PayoutEnv,
  { currency, deposited_at }: Payout,
  id: string,
  lines: readonly PayoutLine[],
): Promise<CaseProblem | undefined> {
  if (lines[0]?.order_id === undefined)
    return matchPayment(id, lines, (await env.paid(id))?.payment, { currency, at: deposited_at });
  const order = await env.order(parseTransactionKey(view.key)?.system ?? '', id);
  return matchOrder(id, lines, order, currency, view.estate.policies.totals_tolerance);
}

function notKnown(lines: ReturnType<typeof unknownLines>): CaseProblem {
  const words = [...new Set(lines.map(({ description, transaction }) => description || transaction))].slice(0, 5);
  return {
    error_class: 'reference',
    error_code: 'unknown_rows',
    path: `/${lines[0]?.row ?? 0}`,
    document: 'received',
    message: `${lines.length} rows of the payout belong to no order and are of no known kind (${words.join(', ')}). They are booked on the clearing account: move them there, and discard this case.`,
  };
}
