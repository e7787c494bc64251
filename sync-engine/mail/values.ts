import type { Notice } from './notice.ts';
import type { MailValues } from './events.ts';

/**
 * What the templates of a notice are filled with.
 * @param language amounts are written as in it.
 */
export function valuesOf(notice: Notice, language: string): MailValues {
  const { order, brand } = notice;
  const common = { brand, order_number: order.number, customer_name: order.customer.name ?? '' };
  switch (notice.event) {
    case 'order-shipped': {
      const { carrier, tracking_number, lines } = notice.shipment;
      return { texts: { ...common, carrier, tracking_number }, goods: goodsOf(notice, lines) };
    }
    case 'ready-to-collect':
      return { texts: { ...common, store: notice.store }, goods: goodsOf(notice, notice.shipment.lines) };
    case 'refund-made': {
      const { refund, returnNumber } = notice;
      const amount = amountIn(language, refund);
      return { texts: { ...common, amount, return_number: returnNumber }, goods: goodsOf(notice, refund.lines) };
    }
  }
}

function goodsOf({ order }: Notice, lines: readonly { line_id: string; sku: string; quantity: number }[]) {
  return lines
    .filter(({ quantity }) => quantity > 0)
    .map(({ line_id, sku, quantity }) => ({
      quantity: String(quantity),
      title: order.lines.find((line) => line.line_id === line_id)?.title ?? sku,
    }));
}

/** The digits of the decimal as they are, never by way of a float. */
const amountIn = (language: string, { amount, currency }: { amount: string; currency: string }): string =>
  new Intl.NumberFormat(language, { style: 'currency', currency }).format(amount as Intl.StringNumericLiteral);
