import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order, OrderLine } from '#contracts/v1/order.ts';
import { jsonPointer } from '../../json-pointer.ts';
import { type Amount, Decimal } from '../../money.ts';
import type { CanonicaliseContext } from '../reading.ts';
import { type Amounts, taxesOf, written } from './amounts.ts';
import type { AmazonItem } from './contract.ts';

type Charge = Order['shipping'][number];

/** An item that something is to be shipped of, and where it stands in the payload. */
export interface Ordered {
  item: AmazonItem;
  index: number;
}

export function canonicalLine(
  { item, index }: Ordered,
  amounts: Amounts,
  context: CanonicaliseContext,
  problems: CaseProblem[],
): OrderLine {
  const at = (name: string) => ['OrderItems', index, name] as const;
  const quantity = Number(item.QuantityOrdered);
  if (item.ItemPrice == null)
    amounts.problem('price_missing', at('ItemPrice'), `ItemPrice of ${labelOf(item)} is missing.`);
  const price = amounts.of(item.ItemPrice, at('ItemPrice'));
  const unit = price.dividedBy(quantity);
  if (unit.decimalPlaces() > 6)
    amounts.problem(
      'price_indivisible',
      at('ItemPrice'),
      `ItemPrice of ${labelOf(item)} is ${written(price)} for ${quantity} units, which is no price of one.`,
    );
  const discount = amounts.of(item.PromotionDiscount, at('PromotionDiscount'));
  const tax = amounts
    .of(item.ItemTax, at('ItemTax'))
    .minus(amounts.of(item.PromotionDiscountTax, at('PromotionDiscountTax')));
  return {
    line_id: item.OrderItemId,
    sku: skuOf(item, index, context, problems),
    title: (item.Title ?? labelOf(item)).slice(0, 500),
    quantity,
    unit_price: written(unit.toDecimalPlaces(6)),
    discounts: discountOf(discount, (item.PromotionIds ?? []).join(' ') || 'promotion'),
    taxes: taxesOf(tax, price.minus(discount), item),
    duties: '0.00',
    requires_shipping: true,
    gift_card: false,
  };
}

/** What is charged beside the goods: shipping for the order as a whole, and gift wrapping where there is any. */
export function canonicalCharges(ordered: readonly Ordered[], service: string, amounts: Amounts): Charge[] {
  const sum = (of: (item: Ordered) => Amount) => ordered.reduce((total, item) => total.plus(of(item)), new Decimal(0));
  const field = (name: 'ShippingPrice' | 'ShippingTax' | 'ShippingDiscount' | 'ShippingDiscountTax') =>
    sum(({ item, index }) => amounts.of(item[name], ['OrderItems', index, name]));
  const wrap = (name: 'GiftWrapPrice' | 'GiftWrapTax') =>
    sum(({ item, index }) => amounts.of(item.BuyerInfo?.[name], ['OrderItems', index, 'BuyerInfo', name]));
  const first = ordered[0]?.item;
  const charge = (code: string, title: string, price: Amount, discount: Amount, tax: Amount): Charge => ({
    code,
    title,
    price: written(price),
    discounts: discountOf(discount, 'shipping promotion'),
    taxes: taxesOf(tax, price.minus(discount), first),
  });
  const shipping = charge(
    service.slice(0, 100),
    service || 'Shipping',
    field('ShippingPrice'),
    field('ShippingDiscount'),
    field('ShippingTax').minus(field('ShippingDiscountTax')),
  );
  const wrapping = wrap('GiftWrapPrice');
  if (wrapping.isZero()) return [shipping];
  return [shipping, charge('gift-wrap', 'Gift wrap', wrapping, new Decimal(0), wrap('GiftWrapTax'))];
}

const discountOf = (amount: Amount, code: string) =>
  amount.isZero() ? [] : [{ code: code.slice(0, 200), amount: written(amount) }];

const labelOf = ({ SellerSKU, ASIN, OrderItemId }: AmazonItem): string => said(SellerSKU) ?? said(ASIN) ?? OrderItemId;
const said = (text: string | null | undefined) => (text == null || text.trim() === '' ? undefined : text.trim());

function skuOf(item: AmazonItem, index: number, context: CanonicaliseContext, problems: CaseProblem[]): string {
  const own = said(item.SellerSKU);
  const code = own ?? labelOf(item);
  const sku = context.mapping('sku', code) ?? own;
  if (sku !== undefined && /^[!#-&(-~]{1,64}$/.test(sku)) return sku;
  problems.push({
    error_class: 'mapping',
    error_code: own === undefined ? 'missing_sku' : 'unusable_sku',
    path: jsonPointer(['OrderItems', index, 'SellerSKU']),
    document: 'received',
    message:
      own === undefined
        ? `The item ${code} has no SellerSKU. Map its code "${code}" to a product, or put the SKU into the payload.`
        : `"${own.slice(0, 200)}" cannot be a SKU (1 to 64 visible characters, no spaces or quotes). Map it to a product.`,
    missing_mapping: { kind: 'sku', system: context.system, code: code.slice(0, 200) },
  });
  // A stand-in, so that the rest of the order is checked as well; the order is not used while there is a problem.
  return 'missing';
}
