import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order, OrderLine } from '#contracts/v1/order.ts';
import { Decimal } from '../../money.ts';
import { toLocalStamp } from '#platform/local-stamp.ts';
import type { Partner } from '../partner.ts';
import type { OutSegment } from '../write/outgoing.ts';
import { cannotBeWritten, fit, impliedDecimals, present, type Mapped } from './outgoing.ts';
import { partySegments } from './address.ts';

export interface Invoice {
  order: Order;
  number: string;
  /** UTC instants. */
  issued_at: string;
  shipped_at?: string;
}

/**
 * Invoice (810) of an order as it stands, to the cent. What cannot be said exactly is refused: prices that include taxes,
 * which an 810 would add once more, and amounts finer than a hundredth.
 */
export function invoiceSet(invoice: Invoice, partner: Partner): Mapped {
  const { order } = invoice;
  const problems = problemsOf(order);
  if (problems.length > 0) return { problems };
  const stamp = (instant: string): string => toLocalStamp(instant, partner.time_zone).date;
  const { duties, tip } = order.totals;
  return {
    set: {
      id: '810',
      segments: [
        ['BIG', stamp(invoice.issued_at), invoice.number, stamp(order.placed_at), order.number],
        ['CUR', 'SE', order.currency],
        ...(order.billing_address === undefined ? [] : partySegments('BT', order.billing_address)),
        ...(order.shipping_address === undefined ? [] : partySegments('ST', order.shipping_address)),
        ...present(invoice.shipped_at === undefined ? undefined : ['DTM', '011', stamp(invoice.shipped_at)]),
        ...order.lines.flatMap((line) => lineSegments(line, partner)),
        ['TDS', impliedDecimals(order.totals.total)],
        ...order.shipping.flatMap((charge) => [
          charged('D240', charge.title || charge.code, charge.price),
          ...charge.discounts.map(({ code, amount }) => allowed(code, amount)),
          ...charge.taxes.map(taxed),
        ]),
        ...(new Decimal(duties).isZero() ? [] : [charged('ZZZZ', 'Duties', duties)]),
        ...(new Decimal(tip).isZero() ? [] : [charged('ZZZZ', 'Tip', tip)]),
        ['CTT', String(order.lines.length)],
      ],
    },
  };
}

function lineSegments(line: OrderLine, partner: Partner): OutSegment[] {
  return present(
    ['IT1', line.line_id, String(line.quantity), partner.unit, line.unit_price, undefined, partner.sku.write, line.sku],
    ...line.taxes.map(taxed),
    line.title === '' ? undefined : ['PID', 'F', undefined, undefined, undefined, fit(line.title, 80)],
    ...line.discounts.map(({ code, amount }) => allowed(code, amount)),
  );
}

/** SAC12: 02 off the invoice, 06 to be paid by the customer. */
const allowed = (code: string, amount: string): OutSegment => allowanceOrCharge('A', 'C310', '02', code, amount);
const charged = (kind: string, title: string, amount: string): OutSegment =>
  allowanceOrCharge('C', kind, '06', title, amount);

const allowanceOrCharge = (
  indicator: 'A' | 'C',
  kind: string,
  handling: string,
  title: string,
  amount: string,
): OutSegment => [
  'SAC',
  ...[indicator, kind, undefined, undefined, impliedDecimals(amount), undefined, undefined],
  ...[undefined, undefined, undefined, undefined, handling, undefined, undefined, fit(title, 80)],
];

const taxed = ({ amount, rate }: { amount: string; rate: string }): OutSegment => [
  'TXI',
  'TX',
  amount,
  new Decimal(rate).times(100).toFixed(),
];

function problemsOf(order: Order): CaseProblem[] {
  const problems: CaseProblem[] = [];
  if (order.taxes_included && !new Decimal(order.totals.tax).isZero())
    problems.push(
      cannotBeWritten(
        '/taxes_included',
        'taxes_included',
        'An invoice by EDI adds taxes to prices, and these prices contain them. Invoice this order another way.',
      ),
    );
  const amounts: [string, string][] = [
    ['/totals/total', order.totals.total],
    ['/totals/duties', order.totals.duties],
    ['/totals/tip', order.totals.tip],
    ...order.lines.flatMap(({ discounts }, i) =>
      discounts.map(({ amount }, j): [string, string] => [`/lines/${i}/discounts/${j}/amount`, amount]),
    ),
    ...order.shipping.flatMap(({ price, discounts }, i): [string, string][] => [
      [`/shipping/${i}/price`, price],
      ...discounts.map(({ amount }, j): [string, string] => [`/shipping/${i}/discounts/${j}/amount`, amount]),
    ]),
  ];
  for (const [path, amount] of amounts)
    if (impliedDecimals(amount) === undefined)
      problems.push(
        cannotBeWritten(
          path,
          'finer_than_cents',
          `${amount} is finer than the hundredths that an EDI invoice can state.`,
        ),
      );
  return problems;
}
