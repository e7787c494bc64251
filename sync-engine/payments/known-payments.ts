import { sumAmounts } from '../money.ts';
import type { OrderData } from '../flows/order/order-data.ts';
import { refundKey } from '../flows/return/rules/refund-key.ts';
import type { FlowState } from '../flows/state.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import type { Identity } from '../identity.ts';
import type { BookedReturn, ReturnBook } from '../returns/return-book.ts';
import type { ReturnableOrder, ReturnableOrders } from '../returns/returnable-orders.ts';
import type { KnownPayment } from './judge-news.ts';

interface Sources {
  identity: Pick<Identity, 'find'>;
  orders: Pick<ReturnableOrders, 'find'>;
  book: Pick<ReturnBook, 'of'>;
  transactions: Pick<TransactionLog, 'reload'>;
}

/** The order that a payment belongs to, as what it stops is filed. */
export interface PaidOrder {
  payment: KnownPayment;
  dimensions: Partial<FlowState['dimensions']>;
}

/** What is known of the order that refers to a payment; undefined where none does, or none that is understood yet. */
export async function findPaidOrder(
  reference: string,
  { identity, orders, book, transactions }: Sources,
): Promise<PaidOrder | undefined> {
  const key = await identity.find('ref_payment', reference);
  const known = key === undefined ? undefined : await orders.find(key);
  if (key === undefined || known === undefined) return undefined;
  const head = await transactions.reload<OrderData>('order_to_cash', key);
  const { order } = known;
  return {
    payment: {
      orderNumber: order.number,
      placedAt: order.placed_at,
      currency: order.currency,
      taken: takenOf(reference, known),
      awaited: head !== undefined && awaits(reference, known, head.state),
      refunds: (await book.of(key)).flatMap(refundsOf),
    },
    dimensions: {
      business_key: order.number,
      channel: order.channel,
      region: order.region,
      legal_entity: order.legal_entity,
      brand: order.brand,
    },
  };
}

const authorisationOf = ({ order }: ReturnableOrder) => order.payments.find(({ kind }) => kind === 'authorization');

/** Captures draw on the order's first authorisation; what was paid at checkout was taken there. */
function takenOf(reference: string, known: ReturnableOrder): string {
  const sold = known.order.payments.filter((one) => one.kind === 'sale' && one.reference === reference);
  const captured = authorisationOf(known)?.reference === reference ? known.captured : [];
  return sumAmounts([...sold.map(({ amount }) => amount), ...captured]);
}

function awaits(reference: string, known: ReturnableOrder, { phase, data }: FlowState<OrderData>): boolean {
  if (phase !== 'forward' || authorisationOf(known)?.reference !== reference) return false;
  return data.shipments.length === 0 || data.units_remaining > 0;
}

/** What is paid with gift cards no payment system gives back. */
const refundsOf = ({ key, number, granted }: BookedReturn): KnownPayment['refunds'] =>
  (granted?.shares ?? [])
    .filter(({ gift_card }) => !gift_card)
    .map(({ amount }, i) => ({ key: refundKey(key, i), returnNumber: number, amount }));
