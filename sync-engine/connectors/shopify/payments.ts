import type { Answer, ConnectorError } from '../connector.ts';
import { ConnectorError as Refused } from '../connector.ts';
import { exactNumber } from '#platform/exact-json.ts';
import { type Amount, Decimal, minorDigits, sumAmounts } from '../../money.ts';
import type { PaymentServices } from '../services.ts';
import { impossible, readBody } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { transactionAnswer, transactionsAnswer, type Transaction } from './contract.ts';
import { restRefusal } from './refusal.ts';

type CaptureInput = Parameters<PaymentServices['capture_payment']['prepare']>[0];

/**
 * Capture and void as transactions of the order. As Shopify asks, the order's transactions are read first, for the
 * authorisation to draw on. REST keeps no key of ours on a transaction; a capture is recognised exactly all the same:
 * captures of an order are made one after the other, and the ids of the earlier ones are known, so a capture of the
 * same authorisation and amount that is not among them is the one whose answer was lost.
 */
export function shopifyPayments(api: string): PaymentServices {
  const path = (externalId: string) => `${api}/orders/${segment(externalId)}/transactions.json`;
  const list = (externalId: string) => jsonCall('GET', path(externalId));

  return {
    capture_payment: {
      name: 'capture_payment',
      before: ({ order }) => list(order.external_id),
      prepare(input, looked) {
        const transactions = looked === undefined ? [] : readTransactions(looked);
        const authorization = openAuthorization(transactions, input);
        return jsonCall('POST', path(input.order.external_id), {
          transaction: {
            kind: 'capture',
            ...captureAmount(input, authorization, transactions),
            // Without one in the list, Shopify draws on the order's own.
            ...(authorization === undefined ? {} : { parent_id: exactNumber(authorization.id) }),
          },
        });
      },
      read: (answer) => ({ captureId: readTransaction(answer).id }),
      async find(input, send) {
        const transactions = readTransactions(await send(list(input.order.external_id)));
        const unknown = succeeded(transactions, 'capture').filter(({ id }) => !input.capturedBefore.includes(id));
        const made = unknown.find((capture) => {
          const parent = transactions.find(({ id }) => id === capture.parent_id);
          const others = transactions.filter(({ id }) => id !== capture.id);
          return new Decimal(capture.amount).equals(captureAmount(input, parent, others).amount);
        });
        return made === undefined ? undefined : { captureId: made.id };
      },
    },

    void_authorization: {
      name: 'void_authorization',
      before: ({ order }) => list(order.external_id),
      prepare({ order }, looked) {
        const transactions = looked === undefined ? [] : readTransactions(looked);
        const authorization = succeeded(transactions, 'authorization')[0];
        return jsonCall('POST', path(order.external_id), {
          transaction: {
            kind: 'void',
            ...(authorization === undefined ? {} : { parent_id: exactNumber(authorization.id) }),
          },
        });
      },
      read: (answer) => ({ voidId: readTransaction(answer).id }),
      async find({ order }, send) {
        // An authorisation is voided once at most, whoever did it.
        const done = succeeded(readTransactions(await send(list(order.external_id))), 'void')[0];
        return done === undefined ? undefined : { voidId: done.id };
      },
    },
  };
}

/** The authorisation with enough left; where none has, the one with most, so that Shopify says what is wrong. */
function openAuthorization(transactions: readonly Transaction[], input: CaptureInput): Transaction | undefined {
  const open = succeeded(transactions, 'authorization')
    .map((authorization) => ({ authorization, left: leftOf(authorization, transactions) }))
    .sort((a, b) => b.left.comparedTo(a.left));
  const enough = open.filter(({ left }) => left.gte(input.amount)).at(-1);
  return (enough ?? open[0])?.authorization;
}

/**
 * What to capture in the authorisation's own currency. It differs from the order's where the customer paid in a
 * presentment currency: then the amount is the same share of the authorisation, and the last capture takes the rest
 * where only rounding makes the difference.
 */
function captureAmount(
  input: CaptureInput,
  authorization: Transaction | undefined,
  transactions: readonly Transaction[],
): { amount: string; currency: string } {
  const currency = authorization?.currency ?? input.currency;
  if (authorization === undefined || currency === input.currency || currency === '')
    return { amount: input.amount, currency: input.currency };
  const authorised = sumAmounts(
    input.order.payments.filter(({ kind }) => kind === 'authorization').map((p) => p.amount),
  );
  if (new Decimal(authorised).isZero())
    throw impossible('NO_AUTHORISATION', 'The order has no authorised payment to capture from.', '/payments');
  const digits = minorDigits(currency);
  const share = new Decimal(authorization.amount).times(input.amount).dividedBy(authorised);
  const amount = share.toDecimalPlaces(digits, Decimal.ROUND_HALF_UP);
  const left = leftOf(authorization, transactions);
  const captures = succeeded(transactions, 'capture').length + 1;
  const onlyRounding = left.minus(amount).abs().lte(new Decimal(10).pow(-digits).times(captures));
  return { amount: (input.final && onlyRounding ? left : amount).toFixed(digits), currency };
}

function leftOf(authorization: Transaction, transactions: readonly Transaction[]): Amount {
  const captured = succeeded(transactions, 'capture').filter(({ parent_id }) => parent_id === authorization.id);
  return new Decimal(authorization.amount).minus(sumAmounts(captured.map(({ amount }) => amount)));
}

function succeeded(transactions: readonly Transaction[], kind: string): Transaction[] {
  return transactions.filter((one) => one.kind === kind && (one.status === 'success' || one.status === 'pending'));
}

function readTransactions(answer: Answer): Transaction[] {
  const error = restRefusal(answer);
  if (error !== undefined) throw error;
  return readBody(answer, transactionsAnswer, "Shopify's transactions").transactions;
}

function readTransaction(answer: Answer): Transaction {
  const error = restRefusal(answer);
  if (error !== undefined) throw error;
  const { transaction } = readBody(answer, transactionAnswer, "Shopify's transaction");
  if (transaction.status === 'failure' || transaction.status === 'error') throw declined(transaction);
  return transaction;
}

/** The payment provider refused; Shopify records the attempt and answers 201 all the same. */
function declined(transaction: Transaction): ConnectorError {
  return new Refused({
    errorClass: 'rejected',
    code: transaction.error_code ?? 'TRANSACTION_FAILED',
    message: `Shopify: ${transaction.message ?? 'the payment provider refused the transaction'}`,
    path: '/payments',
    retryable: false,
    mayHaveHappened: false,
  });
}
