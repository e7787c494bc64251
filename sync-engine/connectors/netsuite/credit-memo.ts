import type { System } from '#contracts/v1/estate.ts';
import { exactNumber } from '#platform/exact-json.ts';
import { Decimal } from '../../money.ts';
import type { RefundLine, RefundPart } from '../../returns/refund.ts';
import type { ReturnServices } from '../services.ts';
import { placeOf } from '../places.ts';
import { customerOf, plainRow, reference, type Row, type SalesOrderRecord, taxRow } from './sales-order.ts';

export type CreditMemoInput = Parameters<ReturnServices['post_credit_memo']['prepare']>[0];
type Settings = System['settings'];

/**
 * The SuiteTalk credit memo of a refund: its goods, duties and adjustment as rows of the item sublist, its shipping in
 * the header or, where nothing else was given back, as a row too, its taxes as tax details, as on the sales order.
 * Together they are exactly what was given back.
 */
export function creditMemoRecord(input: CreditMemoInput, settings: Settings): SalesOrderRecord {
  const { order, refund, returnNumber, invoiceId } = input;
  const rows = [
    ...refund.lines.flatMap((line, i) => lineRows(line, i, input, settings)),
    ...(new Decimal(refund.adjustment).isZero()
      ? []
      : [row('/adjustment', plainRow(settings, 'adjustment', 'Adjustment of the refund', refund.adjustment))]),
  ];
  const { shipping } = refund;
  // NetSuite books nothing without a row: postage that is credited alone is one.
  const alone = rows.length === 0 && shipping !== undefined;
  const items = alone ? [shippingRow(shipping, settings)] : rows;
  const taxes = taxRows(input);
  const currency = settings[`currency.${refund.currency}`];
  return {
    body: {
      entity: { id: customerOf(order, settings) },
      ...(invoiceId === '' ? {} : { createdFrom: { id: invoiceId } }),
      subsidiary: reference(input.subsidiary),
      location: reference(placeOf(settings, input.location) ?? input.location),
      currency: currency === undefined ? { refName: refund.currency } : { id: currency },
      tranDate: input.creditedAt.slice(0, 10),
      otherRefNum: order.number,
      memo: `Return ${returnNumber} of ${order.channel} ${order.number}`,
      shippingCost: exactNumber(alone ? '0.00' : (shipping?.net ?? '0.00')),
      item: { items: items.map((one) => one.row) },
      ...(taxes.length === 0 ? {} : { taxDetailsOverride: true, taxDetails: { items: taxes.map((one) => one.row) } }),
    },
    itemOrigins: items.map(({ origin }) => origin),
    taxOrigins: taxes.map(({ origin }) => origin),
  };
}

/** What the taxes of the postage refer to. */
const SHIPPING = 'shipping-0';

const row = (origin: string, content: Record<string, unknown>): Row => ({ origin, row: content });

/** Problems point into the order, whose mappings and items the memo shares. */
const originOf = ({ order }: CreditMemoInput, { line_id }: RefundLine): string =>
  `/lines/${order.lines.findIndex((line) => line.line_id === line_id)}`;

function lineRows(line: RefundLine, index: number, input: CreditMemoInput, settings: Settings): Row[] {
  const origin = originOf(input, line);
  const goods = row(origin, {
    item: { externalId: line.sku },
    description: input.order.lines.find(({ line_id }) => line_id === line.line_id)?.title,
    quantity: exactNumber(String(line.quantity)),
    price: { id: '-1' },
    amount: exactNumber(line.net),
    taxDetailsReference: `line-${index}`,
  });
  if (new Decimal(line.duties).isZero()) return [goods];
  return [goods, row(`${origin}/duties`, plainRow(settings, 'duties', `Duties on ${line.sku}`, line.duties))];
}

const shippingRow = ({ net }: RefundPart, settings: Settings): Row =>
  row('/shipping/0', { ...plainRow(settings, 'shipping', 'Shipping', net), taxDetailsReference: SHIPPING });

function taxRows(input: CreditMemoInput): Row[] {
  const { refund, taxCodes } = input;
  const rows = (taxes: RefundLine['taxes'], mark: string, origin: string): Row[] =>
    taxes.flatMap((tax, j) => {
      const place = `${origin}/taxes/${j}/code`;
      return new Decimal(tax.amount).isZero() ? [] : [row(place, taxRow(tax, mark, place, taxCodes))];
    });
  return [
    ...refund.lines.flatMap((line, i) => rows(line.taxes, `line-${i}`, originOf(input, line))),
    ...rows(refund.shipping?.taxes ?? [], SHIPPING, '/shipping/0'),
  ];
}
