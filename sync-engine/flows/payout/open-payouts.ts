import { transactionKey } from '#contracts/v1/key.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { Documents } from '../../documents.ts';
import type { Identity } from '../../identity.ts';
import { startMessage } from '../message.ts';
import type { OrderData } from '../order/order-data.ts';
import type { Runner } from '../runner.ts';
import type { TransactionLog } from '../transaction-log.ts';
import { type PayoutData, type PayoutEnv, type PayoutFlow, payoutKey, payoutName } from './payout-data.ts';
import { createPayoutFlow } from './payout-flow.ts';

interface Options extends Omit<PayoutEnv, 'order' | 'open' | 'failed'> {
  documents: Documents;
  transactions: TransactionLog;
  identity: Pick<Identity, 'isKnown'>;
}

/** The flow of payouts, which looks orders up and begins the transactions of those that do not match. */
export function openPayouts(
  { transactions, identity, ...env }: Options,
  run: (flow: PayoutFlow) => Runner<PayoutData, PayoutEnv>,
): Runner<PayoutData, PayoutEnv> {
  const runner: Runner<PayoutData, PayoutEnv> = run(
    createPayoutFlow({
      ...env,
      order: async (system, orderId) => {
        const key = transactionKey(system, orderId);
        const head = await transactions.head<OrderData>('order_to_cash', key);
        if (head === undefined) {
          // Its events are no longer kept: that it was ours is all that can be said.
          const known = await identity.isKnown('order_to_cash', key);
          return known ? { amount: '', currency: '' } : undefined;
        }
        const { canonical_seq } = head.state.data;
        const { amount, currency } = head.state.dimensions;
        if (canonical_seq === 0) return { amount, currency };
        const { lines, totals, ...order } = await env.documents.read<Order>(canonical_seq);
        const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
        return { amount: totals.total, currency: order.currency, units };
      },
      failed: async (system, payoutId) =>
        (await transactions.reload('marketplace_settlement', payoutKey(system, payoutId, 'failed'))) !== undefined,
      open: async (view, orderId) => {
        const { data, state } = view;
        const arrival = await env.messages.read(data);
        const paid = await env.paid(orderId);
        await startMessage(
          runner,
          'match_order',
          arrival,
          { ...data, order_id: orderId },
          {
            name: `${payoutName(data.payout_id)}-${orderId}`,
            dimensions: { ...state.dimensions, business_key: orderId, ...paid?.dimensions, amount: '', currency: '' },
          },
        );
      },
    }),
  );
  return runner;
}
