import type { CaseProblem } from '#contracts/v1/case.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { storeReturn, type StoreReturn } from '#contracts/v1/store.ts';
import { sumAmounts } from '#sync-engine/money.ts';
import { readJson } from '../reading.ts';
import type { GivenRefund, ReturnMessage } from '../return-message.ts';
import type { MessageContext, Reading } from '../topics.ts';

/** Topic of a return that the engine found in a batch. */
export const STORE_RETURN = 'store.return';

/**
 * A return of an online order that a till took, out of its batch: the goods are at the store. What the till paid out is
 * given already; where it paid nothing, the money goes back the way it came.
 */
export function readStoreReturn(body: Uint8Array, context: MessageContext): Reading<ReturnMessage> {
  const sent = readJson(storeReturn, body, JSON.parse);
  if ('problems' in sent) return sent;
  const { store, sequence, receipt } = sent.message;
  const { channel, order } = receipt.online_order;
  const declared = context.estate.channels.find(({ id }) => id === channel);
  if (declared === undefined) return { problems: [unknownChannel(channel)] };
  return {
    message: {
      number: numberOfReturn(sent.message),
      orderKey: transactionKey(declared.system, order),
      orderPath: '/receipt/online_order/order',
      at: receipt.at,
      lines: receipt.lines.map(({ sku, line_id, quantity, reason_code, condition = 'unknown' }, i) => ({
        sku,
        line_id,
        quantity,
        reason_code,
        condition,
        path: `/receipt/lines/${i}`,
      })),
      received: { at: receipt.at, location: store, system: context.system, version: sequence },
      ...(receipt.tenders.length === 0 ? {} : { given: paidOut(sent.message) }),
    },
  };
}

/**
 * Tills count their receipts anew, some every morning: only with its batch and day a receipt is one. No store's id has a
 * full stop in it, so that no two returns come to the same. Those of before lack the day; their receipt has one.
 */
export const numberOfReturn = ({ store, business_date, sequence, receipt }: StoreReturn): string =>
  `${store}.${business_date ?? receipt.at.slice(0, 10)}.${sequence}.${receipt.id}`;

function paidOut({ currency, receipt }: StoreReturn): GivenRefund {
  return {
    lines: receipt.lines.map(({ sku, line_id, quantity, net, taxes }) => ({
      ...(line_id === undefined ? {} : { line_id }),
      sku,
      quantity,
      net,
      tax: sumAmounts([...taxes.map(({ amount }) => amount), '0.00']),
    })),
    shipping: { net: '0.00', tax: '0.00' },
    total: sumAmounts(receipt.tenders.map(({ amount }) => amount)),
    currencies: [{ code: currency, path: '/currency' }],
    at_till: true,
  };
}

const unknownChannel = (channel: string): CaseProblem => ({
  error_class: 'reference',
  error_code: 'unknown_channel',
  path: '/receipt/online_order/channel',
  document: 'received',
  message: `The channel "${channel}" is not declared in this estate.`,
});
