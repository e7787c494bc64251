import { formatCents, parseCents } from './amount.ts';
import type { MarketOrder } from './vendors/amazon/market.ts';

/** Columns of GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2. */
const columns = [
  'settlement-id',
  'settlement-start-date',
  'settlement-end-date',
  'deposit-date',
  'total-amount',
  'currency',
  'transaction-type',
  'order-id',
  'merchant-order-id',
  'adjustment-id',
  'shipment-id',
  'marketplace-name',
  'amount-type',
  'amount-description',
  'amount',
  'fulfillment-id',
  'posted-date',
  'posted-date-time',
  'order-item-code',
  'merchant-order-item-id',
  'merchant-adjustment-item-id',
  'sku',
  'quantity-purchased',
  'promotion-id',
] as const;
type Cells = Partial<Record<(typeof columns)[number], string>>;

const COMMISSION_PERCENT = 15;

/** What goes wrong with a report. */
export interface SettlementTroubles {
  /** Cents that Amazon pays too little for the first order. */
  short?: number;
  /** An order that never came to us. */
  stranger?: string;
}

/** A settlement report of orders that were shipped: prices, promotions, the tax Amazon withholds and its commission. */
export function buildSettlementReport(
  orders: readonly Pick<MarketOrder, 'id' | 'items'>[],
  { id, at, troubles = {} }: { id: string; at: Date; troubles?: SettlementTroubles },
): string {
  const rows: { cells: Cells; cents: number }[] = [];
  const row = (cents: number, cells: Cells) => {
    if (cents !== 0) rows.push({ cells: { ...cells, amount: formatCents(cents) }, cents });
  };
  orders.forEach((order, n) => {
    order.items.forEach((item, i) => {
      const common: Cells = {
        'transaction-type': 'Order',
        'order-id': order.id,
        'merchant-order-id': order.id,
        'marketplace-name': 'Amazon.com',
        'fulfillment-id': 'MFN',
        'posted-date': at.toISOString().slice(0, 10),
        'order-item-code': item.OrderItemId,
        sku: item.SellerSKU,
      };
      const cents = (name: 'ItemPrice' | 'ItemTax' | 'ShippingPrice' | 'ShippingTax' | 'PromotionDiscount') =>
        parseCents(item[name].Amount) ?? 0;
      const of = (type: string, description: string): Cells => ({
        ...common,
        'amount-type': type,
        'amount-description': description,
      });
      const short = n === 0 && i === 0 ? (troubles.short ?? 0) : 0;
      const price = cents('ItemPrice') - short;
      const tax = cents('ItemTax') + cents('ShippingTax');
      row(price, { ...of('ItemPrice', 'Principal'), 'quantity-purchased': String(item.QuantityOrdered) });
      row(cents('ItemTax'), of('ItemPrice', 'Tax'));
      row(cents('ShippingPrice'), of('ItemPrice', 'Shipping'));
      row(cents('ShippingTax'), of('ItemPrice', 'ShippingTax'));
      row(-cents('PromotionDiscount'), of('Promotion', 'Principal'));
      row(-tax, of('ItemWithheldTax', 'MarketplaceFacilitatorTax-Principal'));
      row(-Math.round((price * COMMISSION_PERCENT) / 100), of('ItemFees', 'Commission'));
    });
  });
  if (troubles.stranger !== undefined) {
    const stranger: Cells = { 'transaction-type': 'Order', 'order-id': troubles.stranger };
    row(2599, {
      ...stranger,
      'amount-type': 'ItemPrice',
      'amount-description': 'Principal',
      'quantity-purchased': '1',
    });
    row(-390, { ...stranger, 'amount-type': 'ItemFees', 'amount-description': 'Commission' });
  }
  row(-3999, {
    'transaction-type': 'other-transaction',
    'amount-type': 'other-transaction',
    'amount-description': 'Subscription Fee',
  });
  const total = rows.reduce((sum, { cents }) => sum + cents, 0);
  const day = 24 * 3_600_000;
  const summary: Cells = {
    'settlement-start-date': new Date(at.getTime() - 14 * day).toISOString().replace(/\.\d+Z$/, '+00:00'),
    'settlement-end-date': at.toISOString().replace(/\.\d+Z$/, '+00:00'),
    'deposit-date': new Date(at.getTime() + 2 * day).toISOString().replace(/\.\d+Z$/, '+00:00'),
    'total-amount': formatCents(total),
    currency: 'USD',
  };
  const lines = [summary, ...rows.map(({ cells }) => cells)].map((cells) =>
    columns.map((name) => (name === 'settlement-id' ? id : (cells[name] ?? ''))).join('\t'),
  );
  return [columns.join('\t'), ...lines, ''].join('\n');
}
