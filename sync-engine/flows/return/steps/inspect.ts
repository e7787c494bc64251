import type { CaseProblem } from '#contracts/v1/case.ts';
import { returnRequest } from '#contracts/v1/fulfilment.ts';
import { Decimal, minorDigits, sumAmounts } from '../../../money.ts';
import type { Granted, Refund } from '../../../returns/refund.ts';
import type { ReturnableOrder } from '../../../returns/returnable-orders.ts';
import { channelOf } from '../../order/order-data.ts';
import { dispositionOf } from '../rules/disposition.ts';
import { refundForReturn, refundGiven } from '../rules/refund-for-return.ts';
import { sharesOf, takenOf } from '../rules/shares.ts';
import {
  givesBackItself,
  isOnAccount,
  orderOf,
  type ReturnEnv,
  type ReturnInline,
  type ReturnLine,
  type ReturnView,
} from '../return-data.ts';

/** Decides what becomes of the goods and what is given back for them: once, on what the order's other returns got. */
export const inspect: ReturnInline = {
  kind: 'inline',
  name: 'inspect',
  next: () => 'disposition',
  run: async (view, env) => {
    const order = await orderOf(view, env);
    const lines = view.data.lines.map((line) => ({ ...line, disposition: dispositionOf(line) }));
    let problem: CaseProblem | undefined;
    const granted = await env.book.grant(view.data.order_key, view.key, (before) => {
      const decided = decide(view, env, order, before);
      problem = notTaken(view, order, decided.refund);
      return problem === undefined ? decided : undefined;
    });
    if (granted === undefined) {
      if (problem === undefined) throw new Error('nothing was granted, and nothing is wrong');
      return { status: 'quarantined', problems: [problem] };
    }
    const { refund, shares } = granted;
    const seq = await env.documents.keep(
      view.key,
      `return.${view.state.payload_version}`,
      documentOf(view, lines, refund),
    );
    return {
      status: 'completed',
      // What was paid with gift cards no payment provider can give back: it is the channel's to credit.
      data: { lines, refund, shares: shares.filter(({ gift_card }) => !gift_card) },
      dimensions: { amount: refund.total, currency: refund.currency },
      attributes: {
        dispositions: [...new Set(lines.map(({ disposition }) => disposition))].join(' '),
        refund: refund.total,
        adjustment: refund.adjustment,
        store_credit: sumAmounts(shares.flatMap(({ gift_card, amount }) => (gift_card ? amount : []))),
        return_seq: String(seq),
        ...givenAtShop(view),
      },
    };
  },
};

/** A refund that the shop gave by itself, as the reconciliation looks for it in what the shop's payments list. */
function givenAtShop(view: ReturnView): Record<string, string> {
  const payments = view.data.given?.payments;
  if (payments === undefined || payments.length === 0) return {};
  return {
    given_by: channelOf(view).payment,
    given_reference: view.data.number,
    settled_references: payments.map(({ reference }) => reference).join(' '),
    settled_amount: sumAmounts(payments.map(({ amount }) => amount)),
  };
}

function decide(view: ReturnView, env: ReturnEnv, order: ReturnableOrder, before: readonly Granted[]): Granted {
  const { given, lines } = view.data;
  if (given !== undefined) return { refund: refundGiven(order.order, given), shares: [] };
  const earlier = before.map(({ refund }) => refund);
  const refund = refundForReturn({
    order: order.order,
    returned: lines,
    before: earlier,
    taken: isOnAccount(view) ? order.order.totals.total : takenOf(order),
    shipping: view.estate.policies.refund_shipping,
  });
  if (isOnAccount(view)) return { refund, shares: [] };
  const { payment, system } = channelOf(view);
  if (payment !== system)
    return {
      refund,
      shares: sharesOf(
        order,
        refund.total,
        earlier.map(({ total }) => total),
      ),
    };
  if (givesBackItself(view, env)) return { refund, shares: [] };
  // A channel that takes its own payments knows itself which of them gives back what.
  const whole = { reference: order.order.external_id, amount: refund.total, gift_card: false };
  return { refund, shares: new Decimal(refund.total).isZero() ? [] : [whole] };
}

/** Each parcel's capture may be a rounding short; beyond that, money is to be given back that was never taken. */
function notTaken(view: ReturnView, { shipments }: ReturnableOrder, refund: Refund): CaseProblem | undefined {
  const rounding = new Decimal(10).pow(-minorDigits(refund.currency)).times(shipments + 1);
  if (view.data.given !== undefined || new Decimal(refund.adjustment).negated().lte(rounding)) return undefined;
  const value = new Decimal(refund.total).minus(refund.adjustment).toFixed(minorDigits(refund.currency));
  return {
    error_class: 'totals',
    error_code: 'refund_exceeds_taken',
    path: '/payments',
    document: 'canonical',
    message: `The goods are worth ${value} ${refund.currency}, but of what the order's payments took only ${refund.total} is left to give back. Replay once the payment is captured, or refund the rest by hand.`,
  };
}

/** The return as it is published: its goods and what is given back for them. */
const documentOf = ({ data, state }: ReturnView, lines: readonly ReturnLine[], refund: Refund) =>
  returnRequest.parse({
    schema_version: 1,
    return_id: data.number,
    order_key: data.order_key,
    requested_at: data.requested_at,
    channel: state.dimensions.channel,
    lines: lines.map(({ line_id, sku, quantity, reason_code, reason, condition, disposition }) => ({
      line_id,
      sku,
      quantity,
      reason_code: reason_code || (reason ?? 'other'),
      condition,
      disposition,
    })),
    refund: { amount: refund.total, currency: refund.currency },
  });
