import { Decimal, type Amount } from '../../money.ts';
import type { Loop, Segment } from '../reading.ts';
import { chargesOf, taxesOf } from './charges.ts';
import { pairs, quantityAt, skuOf, type CodeContext } from './codes.ts';
import { loopsOf, segmentsOf, value } from './loops.ts';
import type { Problems } from './problems.ts';

/** One line of a purchase order (PO1) as a canonical line, and what stands behind it. */
export function orderLine(loop: Loop, currency: string, context: CodeContext, problems: Problems) {
  const { head } = loop;
  const quantity = quantityAt(head, { quantity: 2, unit: 3 }, context, problems);
  const price = unitPrice(head, context, problems);
  const base = { amount: price.times(quantity), quantity: new Decimal(value(head, 2) ?? '0'), currency };
  const { allowances, charges } = chargesOf(loop, base, problems);
  for (const { segment, title } of charges)
    problems.add(
      'validation',
      'charge_on_line',
      segment,
      undefined,
      `The charge "${title}" stands on a line, where an order has no place for it. Put it into the price, or among the charges of the order.`,
    );
  const sku = skuOf(head, pairs(6, 10), context, problems);
  return {
    line_id: value(head, 1) ?? String(head.ordinal),
    sku,
    title: titleOf(loop) ?? sku,
    quantity,
    unit_price: price.toFixed(Math.max(2, price.decimalPlaces())),
    discounts: allowances.map(({ code, amount }) => ({ code, amount })),
    taxes: taxesOf(loop, base, problems).map(({ code, rate, amount }) => ({ code, rate, amount })),
    duties: '0.00',
    requires_shipping: true,
    gift_card: false,
  };
}

export type OrderLineCandidate = ReturnType<typeof orderLine>;

function titleOf(loop: Loop): string | undefined {
  const descriptions = [...loopsOf(loop, 'PID').map(({ head }) => head), ...segmentsOf(loop, 'PID')];
  const free = descriptions.flatMap((segment) => value(segment, 5) ?? []);
  return free[0];
}

/** Prices by the piece, whatever the unit ordered (code list 639); any other is by the unit ordered. */
const byThePiece = new Set(['PE', 'LE', 'TE', 'WE', 'CE', 'DE', 'EC', 'RE']);
const byMany: Readonly<Record<string, number>> = { HP: 100, TP: 1000 };

/** The price of one of our units, exact to six decimals. 0, and a problem, for one that is none. */
function unitPrice(head: Segment, context: CodeContext, problems: Problems): Amount {
  const stated = value(head, 4);
  if (stated === undefined) {
    problems.add(
      'validation',
      'missing_price',
      head,
      4,
      `Line ${value(head, 1) ?? head.ordinal} has no unit price (PO104). Add the price that was agreed on.`,
    );
    return new Decimal(0);
  }
  const basis = value(head, 5) ?? '';
  const of = byThePiece.has(basis) ? 1 : (byMany[basis] ?? unitsQuietly(head, context));
  const price = new Decimal(stated).dividedBy(of);
  if (price.decimalPlaces() <= 6) return price;
  problems.add(
    'validation',
    'price_not_exact',
    head,
    4,
    `${stated} for ${of} is no exact price of one. Write the price of a piece, with basis PE in PO105.`,
  );
  return new Decimal(0);
}

/** An unknown unit is told where the quantity is read. */
const unitsQuietly = (head: Segment, { partner }: CodeContext): number =>
  partner.units[value(head, 3) ?? partner.unit] ?? 1;
