import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';
import { amountText, type Amount, Decimal, sumAmounts } from '../../../money.ts';

/**
 * Do lines, discounts, shipping, taxes, duties and tips add up to the stated totals, and the payments to the total?
 * An order without payments is not paid yet, which is no contradiction.
 * @param tolerance largest difference let pass, in the order's currency.
 */
export function checkTotals(order: Order, tolerance: string): CaseProblem[] {
  const { totals, currency } = order;
  const problems: CaseProblem[] = [...negativeAmounts(order)];
  const compare = (code: string, path: string, what: string, actual: Amount, stated: string) => {
    const difference = actual.minus(stated);
    if (difference.abs().lte(tolerance)) return;
    const sum = amountText(actual, stated);
    const gap = amountText(difference.abs(), stated);
    const message = `${what} ${sum} ${currency}, but the order says ${stated} (difference ${gap}).`;
    problems.push(totalsProblem(code, path, message));
  };

  const charges = [...order.lines, ...order.shipping];
  const discounts = charges.flatMap((charge) => charge.discounts.map((discount) => discount.amount));
  const taxes = charges.flatMap((charge) => charge.taxes.map((tax) => tax.amount));
  compare('subtotal_differs', '/totals/subtotal', 'The lines add up to', goodsOf(order), totals.subtotal);
  compare('discount_differs', '/totals/discount', 'The discounts add up to', total(discounts), totals.discount);
  compare(
    'shipping_differs',
    '/totals/shipping',
    'The shipping charges add up to',
    total(order.shipping.map((charge) => charge.price)),
    totals.shipping,
  );
  compare('tax_differs', '/totals/tax', 'The taxes add up to', total(taxes), totals.tax);
  compare(
    'duties_differ',
    '/totals/duties',
    'The duties of the lines add up to',
    total(order.lines.map((line) => line.duties)),
    totals.duties,
  );
  compare('total_differs', '/totals/total', 'The parts make', totalOf(order), totals.total);
  if (order.payments.length > 0)
    compare(
      'payments_differ',
      '/payments',
      'The payments add up to',
      total(order.payments.map((payment) => payment.amount)),
      totals.total,
    );
  return problems;
}

/** total = subtotal - discount + shipping + duties + tip, and + tax where prices do not include it. */
function totalOf({ totals, taxes_included }: Order): Amount {
  const net = new Decimal(totals.subtotal).minus(totals.discount).plus(totals.shipping);
  return net
    .plus(taxes_included ? 0 : totals.tax)
    .plus(totals.duties)
    .plus(totals.tip);
}

function goodsOf(order: Order): Amount {
  return order.lines.reduce((sum, line) => sum.plus(new Decimal(line.unit_price).times(line.quantity)), new Decimal(0));
}

function negativeAmounts(order: Order): CaseProblem[] {
  const problems: CaseProblem[] = [];
  order.lines.forEach((line, i) => {
    const gross = new Decimal(line.unit_price).times(line.quantity);
    if (gross.isNegative())
      problems.push(totalsProblem('negative_price', `/lines/${i}/unit_price`, `${line.sku} has a negative price.`));
    else if (total(line.discounts.map((discount) => discount.amount)).gt(gross))
      problems.push(
        totalsProblem(
          'discount_exceeds_price',
          `/lines/${i}/discounts`,
          `The discounts on ${line.sku} exceed its price.`,
        ),
      );
  });
  order.payments.forEach((payment, i) => {
    if (!new Decimal(payment.amount).isPositive())
      problems.push(
        totalsProblem('negative_payment', `/payments/${i}/amount`, `A payment of ${payment.amount} ${order.currency}.`),
      );
  });
  return problems;
}

const total = (amounts: readonly string[]): Amount => new Decimal(sumAmounts(amounts));

function totalsProblem(code: string, path: string, message: string): CaseProblem {
  return { error_class: 'totals', error_code: code, path, document: 'canonical', message };
}
