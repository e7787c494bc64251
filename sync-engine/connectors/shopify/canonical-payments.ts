import type { Order } from '#contracts/v1/order.ts';
import type { PayloadOrder } from './order-payload.ts';
import { amountText, Decimal } from '../../money.ts';
import { shopMoney } from './shop-money.ts';

type Payments = Order['payments'];

/**
 * The payments of an order. The webhook states no transactions, only gateways, the financial status and what is
 * outstanding: what is not outstanding was taken at checkout (by gift card, where one was used beside an
 * authorisation), the rest is authorised. Voided and unpaid orders have none. Where the payload does carry
 * transactions, they decide. `reference` is the order's id, under which Shopify keeps its transactions.
 */
export function canonicalPayments(payload: PayloadOrder): Payments {
  if (payload.transactions != null) return fromTransactions(payload.transactions);
  const total = shopMoney(payload.total_price_set, payload.total_price);
  if (new Decimal(total).isZero()) return [];
  const gateways = payload.payment_gateway_names ?? (payload.gateway == null ? [] : [payload.gateway]);
  const giftCard = gateways.includes('gift_card');
  const other = gateways.find((gateway) => gateway !== 'gift_card');
  const payment = (kind: Payments[number]['kind'], amount: string): Payments[number] => ({
    gateway: (kind === 'gift_card' ? 'gift_card' : (other ?? 'unknown')).slice(0, 100),
    kind,
    amount,
    reference: payload.id,
  });
  switch (payload.financial_status) {
    case 'authorized':
    case 'partially_paid': {
      const outstanding = payload.total_outstanding ?? (payload.financial_status === 'authorized' ? total : undefined);
      if (outstanding === undefined) return [payment('authorization', total)];
      const taken = amountText(new Decimal(total).minus(outstanding), total, outstanding);
      const atCheckout = new Decimal(taken).gt(0) ? [payment(giftCard ? 'gift_card' : 'sale', taken)] : [];
      const authorised = new Decimal(outstanding).gt(0) ? [payment('authorization', outstanding)] : [];
      return [...atCheckout, ...authorised];
    }
    case 'paid':
    case 'partially_refunded':
    case 'refunded':
      return [payment(giftCard && other === undefined ? 'gift_card' : 'sale', total)];
    default:
      return [];
  }
}

function fromTransactions(transactions: NonNullable<PayloadOrder['transactions']>): Payments {
  return transactions
    .filter(({ kind, status }) => status === 'success' && (kind === 'authorization' || kind === 'sale'))
    .map(({ id, kind, gateway, amount }) => ({
      gateway: (gateway ?? 'unknown').slice(0, 100),
      kind: gateway === 'gift_card' ? 'gift_card' : kind === 'sale' ? 'sale' : 'authorization',
      amount,
      reference: id,
    }));
}
