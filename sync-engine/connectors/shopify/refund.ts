import { exactNumber } from '#platform/exact-json.ts';
import { type Amount, Decimal, minorDigits, sumAmounts } from '../../money.ts';
import type { Refund } from '../../returns/refund.ts';
import type { Answer, ConnectorError, PreparedCall, Send } from '../connector.ts';
import { ConnectorError as Refused } from '../connector.ts';
import type { ReturnServices } from '../services.ts';
import { impossible, readBody } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { refundAnswer, refundsAnswer, transactionsAnswer, type ShopifyRefund, type Transaction } from './contract.ts';
import { hasMark, noteOf } from './refund-note.ts';
import { balanceOf, isMade } from './refund-transactions.ts';
import { restRefusal } from './refusal.ts';

type RefundPayment = ReturnServices['refund_payment'];
type RefundInput = Parameters<RefundPayment['prepare']>[0];

/**
 * A refund with its money: the lines that came back, and what is paid back of each transaction that took money. As
 * Shopify asks, the order's transactions are read first. A refund keeps no key of ours but in its note, by which one
 * whose answer was lost is found again.
 */
export const refundPayment = (api: string): RefundPayment => ({
  name: 'refund_payment',
  before: ({ order }) => jsonCall('GET', `${api}/orders/${segment(order.external_id)}/transactions.json`),
  prepare(input, looked) {
    if (looked === undefined) throw impossible('NOT_LOOKED_UP', "The order's transactions must be read first.");
    const transactions = readTransactions(looked);
    return refundCall(api, input.order.external_id, input, moneyOf(input, transactions));
  },
  read: readRefund,
  find: ({ order, refundKey }, send) => findRefund(api, order.external_id, refundKey, send),
});

/** A refund without money: its payments are taken, and given back, elsewhere. */
export const recordRefund = (api: string): ReturnServices['record_refund'] => ({
  name: 'record_refund',
  prepare: (input) =>
    refundCall(api, input.order.external_id, input, {
      currency: input.refund.currency,
      rate: new Decimal(1),
      given: [],
    }),
  read: readRefund,
  find: ({ order, refundKey }, send) => findRefund(api, order.external_id, refundKey, send),
});

function refundCall(
  api: string,
  orderId: string,
  { refund, returnNumber, refundKey }: { refund: Refund; returnNumber: string; refundKey: string },
  { currency, rate, given }: Money,
): PreparedCall {
  const { shipping } = refund;
  return jsonCall('POST', `${api}/orders/${segment(orderId)}/refunds.json`, {
    refund: {
      currency,
      // The customer is told by us, once.
      notify: false,
      note: noteOf(returnNumber, refundKey),
      ...(shipping === undefined
        ? {}
        : {
            shipping: {
              amount: exactNumber(inCurrency(sumOf(shipping), currency, rate).toFixed(minorDigits(currency))),
            },
          }),
      refund_line_items: refund.lines.map(({ line_id, quantity }) => ({
        line_item_id: exactNumber(line_id),
        quantity: exactNumber(String(quantity)),
        // Stock is ours to count: what may be sold again is published to the shop.
        restock_type: 'no_restock',
      })),
      transactions: given,
    },
  });
}

const sumOf = ({ net, taxes }: NonNullable<Refund['shipping']>): string =>
  sumAmounts([net, ...taxes.map(({ amount }) => amount)]);

/** What goes back to the customer, in the currency that was paid in. */
interface Money {
  currency: string;
  /** Units of it for one of the order's currency. */
  rate: Amount;
  given: object[];
}

const inCurrency = (amount: string | Amount, currency: string, rate: Amount): Amount =>
  rate.times(amount).toDecimalPlaces(minorDigits(currency), Decimal.ROUND_HALF_UP);

/** What is paid back of each payment, gift cards last. */
function moneyOf(input: RefundInput, transactions: readonly Transaction[]): Money {
  const took = transactions
    .filter(({ kind, status }) => (kind === 'capture' || kind === 'sale') && isMade(status))
    .sort((a, b) => Number(a.gateway === 'gift_card') - Number(b.gateway === 'gift_card'));
  const currency = took[0]?.currency || input.currency;
  const rate = rateOf(currency, took, input);
  let open = inCurrency(input.amount, currency, rate);
  const given: object[] = [];
  for (const payment of took) {
    const amount = Decimal.min(open, leftOf(payment, transactions));
    if (amount.lte(0)) continue;
    given.push({
      parent_id: exactNumber(payment.id),
      amount: amount.toFixed(minorDigits(currency)),
      kind: 'refund',
      gateway: payment.gateway ?? '',
    });
    open = open.minus(amount);
    if (open.isZero()) return { currency, rate, given };
  }
  throw impossible(
    'NOT_REFUNDABLE',
    `The shop has ${open.toFixed(minorDigits(currency))} ${currency} less to give back than the ${input.amount} ${input.currency} to be refunded.`,
    '/payments',
  );
}

/** A customer who paid in another currency gets the same share of it back. */
function rateOf(paidIn: string, took: readonly Transaction[], { currency, taken }: RefundInput): Amount {
  if (paidIn === currency) return new Decimal(1);
  return new Decimal(sumAmounts(took.map(({ amount }) => amount))).dividedBy(taken);
}

function leftOf(payment: Transaction, transactions: readonly Transaction[]): Amount {
  const given = transactions.filter(
    ({ kind, status, parent_id }) => kind === 'refund' && isMade(status) && parent_id === payment.id,
  );
  return new Decimal(payment.amount).minus(sumAmounts(given.map(({ amount }) => amount)));
}

function readTransactions(answer: Answer): Transaction[] {
  const error = restRefusal(answer);
  if (error !== undefined) throw error;
  return readBody(answer, transactionsAnswer, "Shopify's transactions").transactions;
}

type Refunded = ReturnType<RefundPayment['read']>;

const refunded = (refund: ShopifyRefund): Refunded => ({ refundId: refund.id, payments: balanceOf(refund) });

function readRefund(answer: Answer): Refunded {
  const error = restRefusal(answer);
  if (error !== undefined) throw error;
  const { refund } = readBody(answer, refundAnswer, "Shopify's refund");
  const failed = failedOf(refund);
  if (failed !== undefined) throw failed;
  return refunded(refund);
}

async function findRefund(api: string, orderId: string, refundKey: string, send: Send): Promise<Refunded | undefined> {
  const answer = await send(jsonCall('GET', `${api}/orders/${segment(orderId)}/refunds.json`));
  const error = restRefusal(answer);
  if (error !== undefined) throw error;
  const { refunds } = readBody(answer, refundsAnswer, "Shopify's refunds");
  const made = refunds.find((one) => hasMark(one.note, refundKey) && failedOf(one) === undefined);
  return made === undefined ? undefined : refunded(made);
}

/** The payment provider may refuse what the shop has recorded. */
function failedOf({ transactions }: ShopifyRefund): ConnectorError | undefined {
  const failed = transactions?.find(({ status }) => !isMade(status));
  if (failed === undefined) return undefined;
  return new Refused({
    errorClass: 'rejected',
    code: failed.error_code ?? 'REFUND_FAILED',
    message: `Shopify: ${failed.message ?? 'the payment provider refused the refund'}`,
    path: '/payments',
    retryable: false,
    mayHaveHappened: false,
  });
}
