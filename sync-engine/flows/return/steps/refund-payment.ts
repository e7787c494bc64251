import { sumAmounts } from '../../../money.ts';
import { defineCall } from '../../flow.ts';
import { channelOf } from '../../order/order-data.ts';
import type { RefundShare } from '../../../returns/refund.ts';
import { refundKey } from '../rules/refund-key.ts';
import { takenOf } from '../rules/shares.ts';
import {
  orderOf,
  refundOf,
  type ReturnCall,
  type ReturnData,
  type ReturnEnv,
  type ReturnView,
} from '../return-data.ts';

const nextKey = ({ key, data }: ReturnView): string => refundKey(key, data.refunds.length);

/** @throws where every share has been given. */
function shareOf({ key, data }: ReturnView): RefundShare {
  const share = data.shares[data.refunds.length];
  if (share === undefined) throw new Error(`return ${key} has no more to refund`);
  return share;
}

/** Whoever gave back one payment gives back the others too. The mode of the day is not asked: each is sent, or recorded as not sent. */
const isPassedOver = (view: ReturnView): boolean => view.state.passed_over?.includes(channelOf(view).payment) === true;

/** By what the payment system lists it, where that is not the refund's own number. */
const settledOf = (payments: readonly { reference: string; amount: string }[] | undefined): Record<string, string> =>
  payments === undefined
    ? {}
    : {
        settled_references: payments.map(({ reference }) => reference).join(' '),
        settled_amount: sumAmounts(payments.map(({ amount }) => amount)),
      };

/** Gives the money back, payment by payment. */
export const refundPayment: ReturnCall = {
  kind: 'call',
  name: 'refund_payment',
  next: (view) =>
    view.data.refunds.length < view.data.shares.length && !isPassedOver(view) ? 'refund_payment' : 'notify_customer',
  call: defineCall<ReturnData, ReturnEnv, 'refund_payment'>({
    verb: 'refund_payment',
    system: (view) => channelOf(view).payment,
    posting: (view) => ({ document: 'refund', posting_key: nextKey(view) }),
    input: async (view, env) => {
      const order = await orderOf(view, env);
      const refund = refundOf(view);
      const { reference, amount } = shareOf(view);
      return {
        order: order.order,
        refund,
        reference,
        refundKey: nextKey(view),
        returnNumber: view.data.number,
        amount,
        currency: refund.currency,
        taken: takenOf(order),
      };
    },
    done: (view, { refundId, payments }, { amount }) => ({
      status: 'completed',
      data: { refunds: [...view.data.refunds, refundId] },
      amount,
      attributes: { document_number: refundId, ...settledOf(payments) },
    }),
  }),
};
