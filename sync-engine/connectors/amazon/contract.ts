import { z } from 'zod';
import { currencyCode, offsetDateTime } from '#contracts/v1/primitives.ts';

/**
 * Shapes of the Selling Partner API, Orders v0 (developer-docs.amazon.com/sp-api/reference/orders-v0), as far as they are
 * read. Numbers arrive as their decimal text, so that no cent is lost in a float.
 */
const amount = z.string().regex(/^-?\d{1,12}(\.\d{1,4})?$/, 'expected an amount such as "12.30"');
const money = z.object({ CurrencyCode: currencyCode, Amount: amount });
export type AmazonMoney = z.infer<typeof money>;
const text = z.string().nullish();
const units = z.string().regex(/^\d{1,6}$/, 'expected a whole number');

const shippingAddress = z.object({
  Name: text,
  AddressLine1: text,
  AddressLine2: text,
  AddressLine3: text,
  City: text,
  StateOrRegion: text,
  PostalCode: text,
  CountryCode: text,
  Phone: text,
});
export type AmazonAddress = z.infer<typeof shippingAddress>;

export const orderStatus = z.enum([
  'PendingAvailability',
  'Pending',
  'Unshipped',
  'PartiallyShipped',
  'Shipped',
  'InvoiceUnconfirmed',
  'Canceled',
  'Unfulfillable',
]);

export const amazonOrder = z.object({
  AmazonOrderId: z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'expected an order number such as 902-1845936-5435065'),
  PurchaseDate: offsetDateTime,
  LastUpdateDate: offsetDateTime,
  OrderStatus: orderStatus,
  FulfillmentChannel: z.enum(['AFN', 'MFN']).nullish(),
  /** Absent while the order is Pending. */
  OrderTotal: money.nullish(),
  ShipServiceLevel: text,
  ShipmentServiceLevelCategory: text,
  MarketplaceId: text,
  ShippingAddress: shippingAddress.nullish(),
});
export type AmazonOrder = z.infer<typeof amazonOrder>;

export const amazonItem = z.object({
  OrderItemId: z.string().min(1).max(64),
  SellerSKU: text,
  ASIN: text,
  Title: text,
  QuantityOrdered: units,
  /** For all units of the item, as every amount here. */
  ItemPrice: money.nullish(),
  ItemTax: money.nullish(),
  ShippingPrice: money.nullish(),
  ShippingTax: money.nullish(),
  ShippingDiscount: money.nullish(),
  ShippingDiscountTax: money.nullish(),
  PromotionDiscount: money.nullish(),
  PromotionDiscountTax: money.nullish(),
  PromotionIds: z.array(z.string()).nullish(),
  CODFee: money.nullish(),
  CODFeeDiscount: money.nullish(),
  BuyerInfo: z.object({ GiftWrapPrice: money.nullish(), GiftWrapTax: money.nullish() }).nullish(),
  /** Who answers for the tax: a marketplace facilitator collects and remits it itself. */
  TaxCollection: z.object({ Model: text, ResponsibleParty: text }).nullish(),
});
export type AmazonItem = z.infer<typeof amazonItem>;

/** What is put onto INTAKE: the order of `getOrders` and, where something is to be done for it, those of `getOrderItems`. */
export const amazonPayload = z.object({ Order: amazonOrder, OrderItems: z.array(amazonItem).max(1000).nullish() });
export type AmazonPayload = z.infer<typeof amazonPayload>;

/** The envelopes of lists; what stands in them is judged one by one, so that one odd order holds up no other. */
const listed = z.record(z.string(), z.unknown());
export const ordersAnswer = z.object({
  payload: z.object({ Orders: z.array(listed), NextToken: text, LastUpdatedBefore: text }),
});
export const itemsAnswer = z.object({ payload: z.object({ OrderItems: z.array(listed), NextToken: text }) });

export const orderAnswer = z.object({ payload: z.object({ AmazonOrderId: z.string(), OrderStatus: z.string() }) });

export const errorList = z.object({
  errors: z.array(z.object({ code: z.string(), message: text, details: text })).min(1),
});

/** Login with Amazon, developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api. */
export const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.string().regex(/^\d{1,6}$/) });
export const restrictedAnswer = z.object({
  restrictedDataToken: z.string().min(1),
  expiresIn: z.string().regex(/^\d{1,6}$/),
});
