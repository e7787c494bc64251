import type { Customer } from './catalogue/customers.ts';
import { formatRate, taxCents } from './amount.ts';

export interface DraftTax {
  title: string;
  ratePpm: number;
  cents: number;
}

export interface DraftDiscount {
  /** Position in `discountCodes`. */
  application: number;
  cents: number;
}

export interface DraftLine {
  id: number;
  sku: string;
  title: string;
  vendor: string;
  productId: number | null;
  variantId: number | null;
  grams: number;
  quantity: number;
  unitCents: number;
  discounts: DraftDiscount[];
  taxes: DraftTax[];
  requiresShipping: boolean;
  giftCard: boolean;
}

export interface DraftShipping {
  id: number;
  title: string;
  code: string;
  cents: number;
  taxes: DraftTax[];
}

/** An order as a customer places it, in cents, before it takes any channel's shape. */
export interface OrderDraft {
  id: number;
  number: number;
  currency: string;
  taxesIncluded: boolean;
  placedAt: Date;
  customer: Customer;
  lines: DraftLine[];
  shipping: DraftShipping[];
  discountCodes: { code: string; percent: number }[];
  /** Part of the total paid with a gift card at the checkout. */
  giftCents: number;
  test: boolean;
  /** Where the customer collects, by the channel's own id of the place. */
  pickupAt?: string;
}

export interface DraftTotals {
  /** Before discounts. */
  goods: number;
  discount: number;
  /** Goods less discounts, as Shopify's subtotal_price. */
  subtotal: number;
  shipping: number;
  tax: number;
  total: number;
}

export const lineCents = (line: DraftLine): number => line.unitCents * line.quantity;
export const discountOf = (line: DraftLine): number =>
  line.discounts.reduce((sum, discount) => sum + discount.cents, 0);
const taxOf = (taxed: { taxes: DraftTax[] }): number => taxed.taxes.reduce((sum, tax) => sum + tax.cents, 0);

/** Sums to the cent; taxes add to the total only where prices do not contain them. */
export function draftTotals(draft: OrderDraft): DraftTotals {
  const goods = draft.lines.reduce((sum, line) => sum + lineCents(line), 0);
  const discount = draft.lines.reduce((sum, line) => sum + discountOf(line), 0);
  const shipping = draft.shipping.reduce((sum, charge) => sum + charge.cents, 0);
  const tax = [...draft.lines, ...draft.shipping].reduce((sum, taxed) => sum + taxOf(taxed), 0);
  const subtotal = goods - discount;
  return { goods, discount, subtotal, shipping, tax, total: subtotal + shipping + (draft.taxesIncluded ? 0 : tax) };
}

/** Taxes on an amount, one line each, every one rounded on its own as Shopify does. */
export function draftTaxes(
  cents: number,
  taxes: readonly { title: string; ratePpm: number }[],
  included: boolean,
): DraftTax[] {
  return taxes.map(({ title, ratePpm }) => ({ title, ratePpm, cents: taxCents(cents, ratePpm, included) }));
}

/** All tax lines of an order added up by title and rate, as an order's header shows them. */
export function taxesByTitle(draft: OrderDraft): DraftTax[] {
  const sums = new Map<string, DraftTax>();
  for (const tax of [...draft.lines, ...draft.shipping].flatMap((taxed) => taxed.taxes)) {
    const key = `${tax.title} ${formatRate(tax.ratePpm)}`;
    const known = sums.get(key);
    sums.set(key, known === undefined ? { ...tax } : { ...known, cents: known.cents + tax.cents });
  }
  return [...sums.values()];
}
