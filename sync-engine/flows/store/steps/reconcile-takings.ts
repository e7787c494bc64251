import { sumAmounts } from '#sync-engine/money.ts';
import { atLeastOne } from '../../../connectors/reading.ts';
import { storeOf } from '../rules/check-batch.ts';
import { reconcile } from '../rules/reconcile.ts';
import type { StoreInline } from '../store-data.ts';

/** Holds what the store counted up against its receipts, in the version of its last batch that is in force. */
export const reconcileTakings: StoreInline = {
  kind: 'inline',
  name: 'reconcile_takings',
  next: () => 'erp_post_journal',
  run: async (view, env) => {
    const { headers, body } = await env.messages.read(view.data);
    const system = headers['syncline-system'];
    const topic = env.kinds.topic(system, headers['syncline-topic']);
    if (topic?.means !== 'store_batch') throw new Error(`"${headers['syncline-topic']}" is no batch of a store`);
    const mapping: Parameters<typeof topic.read>[1]['mapping'] = (kind, code) =>
      env.master.mapping(kind, system, code)?.target;
    const read = topic.read(body, { estate: view.estate, system, headers, mapping });
    if ('problems' in read) return { status: 'quarantined', problems: atLeastOne(read.problems) };
    const end = read.message.end_of_day;
    if (end === undefined || view.data.end_of_day === undefined) throw new Error('the day has not been ended');
    const { totals, currency, end_of_day } = view.data;
    const problems = reconcile(totals, end, view.estate.policies.takings_tolerance);
    if (problems.length > 0) return { status: 'quarantined', problems: atLeastOne(problems) };
    const takings = sumAmounts(Object.values(totals.tenders));
    const cash = totals.tenders.cash ?? '0.00';
    return {
      status: 'completed',
      data: { end_of_day: { ...end_of_day, counts: end } },
      dimensions: { amount: takings, currency },
      attributes: {
        business_date: view.data.business_date,
        ownership: storeOf(view.estate, view.data.store)?.store?.ownership ?? 'owned',
        transactions: String(totals.transactions),
        takings,
        ...Object.fromEntries(Object.entries(totals.tenders).map(([name, amount]) => [`takings_${name}`, amount])),
        tax: totals.tax,
        expected_cash: cash,
        counted_cash: end.counted_cash,
      },
    };
  },
};
