import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import type { GivenRefund } from '../../../connectors/return-message.ts';

/** What a channel gave back can be credited only in the currency of its order: at which rate, nobody has said. Pure. */
export function otherCurrency(
  { number, currency }: Pick<Order, 'number' | 'currency'>,
  given: Pick<GivenRefund, 'currencies'> | undefined,
): CaseProblem | undefined {
  const other = given?.currencies?.find(({ code }) => code !== currency);
  if (other === undefined) return undefined;
  return {
    error_class: 'totals',
    error_code: 'refund_currency_differs',
    path: other.path,
    document: 'received',
    message: `Money was given back in ${other.code}, but order ${number} is kept in ${currency}. Put into the payload what that was in ${currency}, amount and currency, then replay, or credit it by hand and discard this.`,
  };
}
