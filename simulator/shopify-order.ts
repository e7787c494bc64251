import { formatCents, formatRate } from './amount.ts';
import type { Customer } from './catalogue/customers.ts';
import {
  type DraftLine,
  type DraftShipping,
  type DraftTax,
  draftTotals,
  type OrderDraft,
  taxesByTitle,
} from './order-draft.ts';

/**
 * Body of Shopify's `orders/create` webhook (and, with `cancelledAt`, `orders/cancelled`), in the published shape:
 * shopify.dev/docs/api/admin-rest/2025-01/resources/order. Fields Shopify leaves null are null.
 */
export function buildShopifyOrder(
  draft: OrderDraft,
  shop: string,
  state: { cancelledAt?: Date; updatedAt?: Date; cancelReason?: string } = {},
) {
  const { currency, customer } = draft;
  const totals = draftTotals(draft);
  const money = (cents: number) => moneySet(cents, currency);
  const placed = shopTime(draft.placedAt);
  const token = draft.id.toString(16).padStart(32, 'a1b2c3d4');
  const address = addressOf(customer);
  const taxLines = taxLinesOf(currency);
  const cancelled = state.cancelledAt === undefined ? null : shopTime(state.cancelledAt);
  const gateways = draft.giftCents > 0 ? ['gift_card', 'shopify_payments'] : ['shopify_payments'];
  return {
    id: draft.id,
    admin_graphql_api_id: `gid://shopify/Order/${draft.id}`,
    app_id: 580111,
    browser_ip: null,
    buyer_accepts_marketing: false,
    cancel_reason: cancelled === null ? null : (state.cancelReason ?? 'customer'),
    cancelled_at: cancelled,
    cart_token: null,
    checkout_id: draft.id - 1_000_000,
    checkout_token: token,
    closed_at: null,
    confirmation_number: `NL${draft.number.toString(36).toUpperCase()}`,
    confirmed: true,
    contact_email: customer.email,
    created_at: placed,
    currency,
    current_subtotal_price: formatCents(totals.subtotal),
    current_subtotal_price_set: money(totals.subtotal),
    current_total_discounts: formatCents(totals.discount),
    current_total_discounts_set: money(totals.discount),
    current_total_duties_set: null,
    current_total_price: formatCents(totals.total),
    current_total_price_set: money(totals.total),
    current_total_tax: formatCents(totals.tax),
    current_total_tax_set: money(totals.tax),
    customer_locale: 'en',
    device_id: null,
    discount_codes: draft.discountCodes.map(({ code }) => ({
      code,
      amount: formatCents(totals.discount),
      type: 'percentage',
    })),
    email: customer.email,
    estimated_taxes: false,
    financial_status: cancelled !== null ? 'voided' : draft.giftCents > 0 ? 'partially_paid' : 'authorized',
    fulfillment_status: null,
    landing_site: '/',
    landing_site_ref: null,
    location_id: draft.pickupAt === undefined ? null : Number(draft.pickupAt),
    merchant_of_record_app_id: null,
    name: `#${draft.number}`,
    note: null,
    note_attributes: [],
    number: draft.number - 1000,
    order_number: draft.number,
    order_status_url: `https://${shop}/548380009/orders/${token}/authenticate?key=simulated`,
    original_total_duties_set: null,
    payment_gateway_names: gateways,
    payment_terms: null,
    phone: null,
    po_number: null,
    presentment_currency: currency,
    processed_at: placed,
    reference: null,
    referring_site: null,
    source_identifier: null,
    source_name: 'web',
    source_url: null,
    subtotal_price: formatCents(totals.subtotal),
    subtotal_price_set: money(totals.subtotal),
    tags: '',
    tax_exempt: false,
    tax_lines: taxLines(taxesByTitle(draft)),
    taxes_included: draft.taxesIncluded,
    test: draft.test,
    token,
    total_discounts: formatCents(totals.discount),
    total_discounts_set: money(totals.discount),
    total_line_items_price: formatCents(totals.goods),
    total_line_items_price_set: money(totals.goods),
    total_outstanding: formatCents(cancelled === null ? totals.total - draft.giftCents : 0),
    total_price: formatCents(totals.total),
    total_price_set: money(totals.total),
    total_shipping_price_set: money(totals.shipping),
    total_tax: formatCents(totals.tax),
    total_tax_set: money(totals.tax),
    total_tip_received: '0.00',
    total_weight: draft.lines.reduce((sum, line) => sum + line.grams * line.quantity, 0),
    updated_at: shopTime(state.updatedAt ?? state.cancelledAt ?? draft.placedAt),
    user_id: null,
    billing_address: address,
    customer: shopCustomer(customer, placed, currency),
    discount_applications: draft.discountCodes.map(({ code, percent }) => ({
      target_type: 'line_item',
      type: 'discount_code',
      value: percent.toFixed(1),
      value_type: 'percentage',
      allocation_method: 'across',
      target_selection: 'all',
      code,
    })),
    fulfillments: [],
    line_items: draft.lines.map((line) => lineOf(line, currency)),
    payment_details: null,
    refunds: [],
    shipping_address: draft.lines.some((line) => line.requiresShipping) ? address : null,
    shipping_lines: draft.shipping.map((charge) => shippingOf(charge, currency, draft.pickupAt !== undefined)),
  };
}

export type ShopifyOrder = ReturnType<typeof buildShopifyOrder>;

/** Shopify writes times with the shop's offset; ours are in UTC, without milliseconds. */
export const shopTime = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, '+00:00');

function moneySet(cents: number, currency: string) {
  const money = { amount: formatCents(cents), currency_code: currency };
  return { shop_money: money, presentment_money: money };
}

const taxLinesOf = (currency: string) => (taxes: readonly DraftTax[]) =>
  taxes.map((tax) => ({
    price: formatCents(tax.cents),
    rate: Number(formatRate(tax.ratePpm)),
    title: tax.title,
    price_set: moneySet(tax.cents, currency),
    channel_liable: false,
  }));

function lineOf(line: DraftLine, currency: string) {
  return {
    id: line.id,
    admin_graphql_api_id: `gid://shopify/LineItem/${line.id}`,
    attributed_staffs: [],
    current_quantity: line.quantity,
    fulfillable_quantity: line.quantity,
    fulfillment_service: line.giftCard ? 'gift_card' : 'manual',
    fulfillment_status: null,
    gift_card: line.giftCard,
    grams: line.grams,
    name: line.title,
    price: formatCents(line.unitCents),
    price_set: moneySet(line.unitCents, currency),
    product_exists: line.productId !== null,
    product_id: line.productId,
    properties: [],
    quantity: line.quantity,
    requires_shipping: line.requiresShipping,
    sku: line.sku,
    taxable: line.taxes.length > 0,
    title: line.title,
    // Line discounts of a code are in the allocations only; this field is for discounts set on the line itself.
    total_discount: '0.00',
    total_discount_set: moneySet(0, currency),
    variant_id: line.variantId,
    variant_inventory_management: 'shopify',
    variant_title: null,
    vendor: line.vendor,
    tax_lines: taxLinesOf(currency)(line.taxes),
    duties: [],
    discount_allocations: line.discounts.map((discount) => ({
      amount: formatCents(discount.cents),
      amount_set: moneySet(discount.cents, currency),
      discount_application_index: discount.application,
    })),
  };
}

function shippingOf(charge: DraftShipping, currency: string, pickup: boolean) {
  return {
    id: charge.id,
    carrier_identifier: null,
    code: charge.code,
    delivery_category: pickup ? 'pickup' : null,
    discounted_price: formatCents(charge.cents),
    discounted_price_set: moneySet(charge.cents, currency),
    is_removed: false,
    phone: null,
    price: formatCents(charge.cents),
    price_set: moneySet(charge.cents, currency),
    requested_fulfillment_service_id: null,
    source: 'shopify',
    title: charge.title,
    tax_lines: taxLinesOf(currency)(charge.taxes),
    discount_allocations: [],
  };
}

function addressOf(customer: Customer) {
  const { address } = customer;
  return {
    first_name: customer.firstName,
    address1: address.line1,
    phone: customer.phone,
    city: address.city,
    zip: address.zip,
    province: address.province,
    country: address.country,
    last_name: customer.lastName,
    address2: null,
    company: null,
    latitude: null,
    longitude: null,
    name: `${customer.firstName} ${customer.lastName}`,
    country_code: address.countryCode,
    province_code: address.provinceCode,
  };
}

/** A customer as an order and the webhooks `customers/create` and `customers/update` carry them. */
export function shopCustomer(customer: Customer, at: string, currency: string) {
  return {
    id: customer.id,
    email: customer.email,
    created_at: at,
    updated_at: at,
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: 'disabled',
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    phone: customer.phone,
    email_marketing_consent: { state: 'not_subscribed', opt_in_level: 'single_opt_in', consent_updated_at: null },
    sms_marketing_consent: null,
    tags: '',
    currency,
    tax_exemptions: [],
    admin_graphql_api_id: `gid://shopify/Customer/${customer.id}`,
    default_address: {
      id: customer.id + 1,
      customer_id: customer.id,
      ...addressOf(customer),
      country_name: customer.address.country,
      default: true,
    },
  };
}
