import { z } from 'zod';
import { offsetDateTime } from '#contracts/v1/primitives.ts';

/**
 * The order as Shopify's webhooks `orders/create`, `orders/updated` and `orders/cancelled` carry it, as far as it is
 * read. Numbers arrive as their decimal text (exact-json.ts), so ids beyond 2^53 and amounts keep every digit.
 * Source: shopify.dev/docs/api/admin-rest/latest/resources/order and shopify.dev/docs/api/webhooks.
 */
const id = z.string().regex(/^\d{1,20}$/, 'expected a numeric id');
const amount = z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/, 'expected an amount such as "12.30"');
const rate = z.string().regex(/^\d+(\.\d+)?([eE][-+]?\d{1,2})?$/, 'expected a rate such as 0.06');
const text = z.string().nullish();

const moneySet = z.object({ shop_money: z.object({ amount, currency_code: z.string() }) }).nullish();

const taxLine = z.object({ title: z.string(), price: amount, rate: rate.nullish(), price_set: moneySet });

const discountAllocation = z.object({
  amount,
  discount_application_index: z.string().regex(/^\d+$/),
  amount_set: moneySet,
});

const duty = z.object({
  shop_money: z.object({ amount, currency_code: z.string() }).nullish(),
  price: z.object({ shop_money: z.object({ amount, currency_code: z.string() }) }).nullish(),
  tax_lines: z.array(taxLine).nullish(),
});

export const payloadLine = z.object({
  id,
  variant_id: id.nullish(),
  sku: text,
  title: z.string(),
  name: text,
  quantity: z.string().regex(/^\d{1,8}$/, 'expected a whole quantity'),
  price: amount,
  price_set: moneySet,
  total_discount: amount.nullish(),
  total_discount_set: moneySet,
  discount_allocations: z.array(discountAllocation).nullish(),
  tax_lines: z.array(taxLine).nullish(),
  duties: z.array(duty).nullish(),
  requires_shipping: z.boolean().nullish(),
  gift_card: z.boolean().nullish(),
  /** Present where the line is a tip. */
  tip: z.unknown().optional(),
});
export type PayloadLine = z.infer<typeof payloadLine>;

export const payloadShippingLine = z.object({
  title: z.string(),
  code: text,
  price: amount,
  price_set: moneySet,
  discount_allocations: z.array(discountAllocation).nullish(),
  tax_lines: z.array(taxLine).nullish(),
  delivery_category: text,
  is_removed: z.boolean().nullish(),
});

export const payloadAddress = z.object({
  first_name: text,
  last_name: text,
  name: text,
  company: text,
  address1: text,
  address2: text,
  city: text,
  zip: text,
  province_code: text,
  country_code: text,
  phone: text,
});
export type PayloadAddress = z.infer<typeof payloadAddress>;

const discountApplication = z.object({ type: text, code: text, title: text, description: text });

/** Not in the webhook, but in orders read with their transactions. */
const payloadTransaction = z.object({ id, kind: z.string(), status: z.string(), gateway: text, amount });

export const payloadOrder = z.object({
  id,
  name: text,
  order_number: z.string().nullish(),
  created_at: offsetDateTime,
  updated_at: offsetDateTime.nullish(),
  cancelled_at: offsetDateTime.nullish(),
  test: z.boolean().nullish(),
  currency: z.string(),
  taxes_included: z.boolean().nullish(),
  financial_status: text,
  gateway: text,
  payment_gateway_names: z.array(z.string()).nullish(),
  transactions: z.array(payloadTransaction).nullish(),
  email: text,
  contact_email: text,
  location_id: id.nullish(),
  customer: z.object({ id: id.nullish(), email: text, first_name: text, last_name: text }).nullish(),
  billing_address: payloadAddress.nullish(),
  shipping_address: payloadAddress.nullish(),
  line_items: z.array(payloadLine),
  shipping_lines: z.array(payloadShippingLine).nullish(),
  discount_applications: z.array(discountApplication).nullish(),
  total_line_items_price: amount,
  total_line_items_price_set: moneySet,
  total_discounts: amount,
  total_discounts_set: moneySet,
  total_shipping_price_set: moneySet,
  total_tax: amount,
  total_tax_set: moneySet,
  total_tip_received: amount.nullish(),
  total_outstanding: amount.nullish(),
  original_total_duties_set: moneySet,
  current_total_duties_set: moneySet,
  total_price: amount,
  total_price_set: moneySet,
});
export type PayloadOrder = z.infer<typeof payloadOrder>;
