import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Disposition } from '#contracts/v1/returns.ts';
import { transactionKey } from '#contracts/v1/key.ts';
import { Decimal, sumAmounts } from '../../money.ts';
import type { ReturnMessage } from '../return-message.ts';
import { locationsByPlace } from '../places.ts';
import { readJson } from '../reading.ts';
import type { MessageContext, Reading } from '../topics.ts';
import { refund, type ShopifyRefund } from './contract.ts';
import { isOurs } from './refund-note.ts';
import { balanceOf, givenBack } from './refund-transactions.ts';

/**
 * Webhook `refunds/create`: the shop has given money back already. What is left for us is to credit it and to take the
 * goods back into the books where the shop says they are on its shelves again. Refunds of ours come back this way too.
 */
export function readRefund(body: Uint8Array, { estate, system }: MessageContext): Reading<ReturnMessage> {
  const parsed = readJson(refund, body);
  if ('problems' in parsed) return parsed;
  const sent = parsed.message;
  const at = new Date(sent.created_at).toISOString();
  const lines = (sent.refund_line_items ?? []).map((line, i) => ({ ...line, path: `/refund_line_items/${i}` }));
  const given = givenBack(sent);
  const locations = locationsByPlace(estate.systems.find(({ id }) => id === system)?.settings);
  const places = new Set(lines.flatMap(({ location_id }) => (location_id == null ? [] : [location_id])));
  const [place] = places;
  const location = place === undefined ? '' : locations.get(place);
  if (location === undefined) return { problems: [unknownLocation(place ?? '', system, lines)] };
  return {
    message: {
      number: sent.id,
      orderKey: transactionKey(system, sent.order_id),
      orderPath: '/order_id',
      at,
      lines: lines.map(({ line_item_id, quantity, restock_type, path }) => ({
        line_id: line_item_id,
        quantity,
        reason_code: 'other',
        condition: 'unknown',
        disposition: dispositionOf(restock_type),
        path,
      })),
      received: { at, location, system, version: Date.parse(at) },
      given: {
        lines: lines.map(({ line_item_id, quantity, subtotal, total_tax }) => ({
          line_id: line_item_id,
          quantity,
          net: subtotal,
          tax: total_tax ?? '0.00',
        })),
        shipping: shippingOf(sent),
        total: sumAmounts(given.map(({ transaction }) => transaction.amount)),
        // That of the customer, in which the shop has charged them; lines and postage are in the shop's own.
        currencies: given.flatMap(({ transaction: { currency }, index }) =>
          currency ? [{ code: currency, path: `/transactions/${index}/currency` }] : [],
        ),
        payments: balanceOf(sent),
      },
      ...(isOfCancellation(lines) ? { cancels: true as const } : {}),
      ...(isOurs(sent.note) ? { superseded: 'The shop tells of a refund that Syncline made there itself.' } : {}),
    },
  };
}

/** The shop's shelves are ours: what it puts back is stock again. Anything else it keeps no track of. */
const dispositionOf = (restockType: string | null | undefined): Disposition =>
  restockType === 'return' || restockType === 'legacy_restock' ? 'restock' : 'scrap';

/** What a cancelled order gives back, or an order of which unfulfilled units were taken out. */
const isOfCancellation = (lines: readonly { restock_type?: string | null | undefined }[]): boolean =>
  lines.length > 0 && lines.every(({ restock_type }) => restock_type === 'cancel');

function shippingOf({ order_adjustments }: ShopifyRefund): { net: string; tax: string } {
  const given = (order_adjustments ?? []).filter(({ kind }) => kind === 'shipping_refund');
  const turned = (amounts: string[]) => new Decimal(sumAmounts(amounts)).negated().toFixed(2);
  return {
    net: turned(given.map(({ amount }) => amount)),
    tax: turned(given.map(({ tax_amount }) => tax_amount ?? '0.00')),
  };
}

function unknownLocation(id: string, system: string, lines: readonly { location_id?: string | null | undefined }[]) {
  const at = lines.findIndex(({ location_id }) => location_id === id);
  return {
    error_class: 'mapping',
    error_code: 'unknown_location',
    path: `/refund_line_items/${at}/location_id`,
    document: 'received',
    message: `The shop's location ${id} is none of the estate's: name it as location.<id> in the settings of ${system}, and replay.`,
  } satisfies CaseProblem;
}
