import { formatCents } from './amount.ts';
import { discountOf, draftTotals, lineCents, type OrderDraft } from './order-draft.ts';

/** Amazon's numbers have three parts: 902-1845936-5435065. */
export const amazonOrderId = (id: number): string => {
  const digits = String(id).padStart(17, '9').slice(-17);
  return `${digits.slice(0, 3)}-${digits.slice(3, 10)}-${digits.slice(10)}`;
};

export const MARKETPLACE = 'ATVPDKIKX0DER';

const services = {
  STANDARD: ['Std US D2D Dom', 'Standard'],
  EXPRESS: ['Exp US D2D Dom', 'Expedited'],
  ECONOMY: ['Econ US D2D Dom', 'FreeEconomy'],
} as const;

/** An order as `getOrders` and `getOrderItems` show it once it can be shipped (Orders v0). */
export function buildAmazonOrder(draft: OrderDraft) {
  const { currency, customer } = draft;
  const money = (cents: number) => ({ CurrencyCode: currency, Amount: formatCents(cents) });
  const taxOf = (taxed: { taxes: readonly { cents: number }[] }) =>
    taxed.taxes.reduce((sum, { cents }) => sum + cents, 0);
  const shipping = draft.shipping.reduce((sum, { cents }) => sum + cents, 0);
  const shippingTax = draft.shipping.reduce((sum, charge) => sum + taxOf(charge), 0);
  const code = draft.shipping[0]?.code;
  const [service, category] = services[code === 'EXPRESS' || code === 'ECONOMY' ? code : 'STANDARD'];
  const units = draft.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    order: {
      AmazonOrderId: amazonOrderId(draft.id),
      PurchaseDate: secondsOf(draft.placedAt),
      LastUpdateDate: secondsOf(draft.placedAt),
      OrderStatus: 'Unshipped' as string,
      FulfillmentChannel: 'MFN',
      SalesChannel: 'Amazon.com',
      ShipServiceLevel: service,
      OrderTotal: money(draftTotals(draft).total),
      NumberOfItemsShipped: 0,
      NumberOfItemsUnshipped: units,
      PaymentMethod: 'Other',
      PaymentMethodDetails: ['Standard'],
      IsReplacementOrder: false,
      MarketplaceId: MARKETPLACE,
      ShipmentServiceLevelCategory: category,
      OrderType: 'StandardOrder',
      IsBusinessOrder: false,
      IsPrime: false,
      IsPremiumOrder: false,
      IsSoldByAB: false,
      IsISPU: false,
      IsAccessPointOrder: false,
      ShippingAddress: {
        Name: `${customer.firstName} ${customer.lastName}`,
        AddressLine1: customer.address.line1,
        City: customer.address.city,
        StateOrRegion: customer.address.provinceCode ?? customer.address.city,
        PostalCode: customer.address.zip,
        CountryCode: customer.address.countryCode,
        AddressType: 'Residential',
      },
    },
    items: draft.lines.map((line, i) => ({
      ASIN: `B0${String(line.id).slice(-8).padStart(8, '0')}`,
      OrderItemId: String(line.id),
      SellerSKU: line.sku,
      Title: line.title,
      QuantityOrdered: line.quantity,
      QuantityShipped: 0,
      ProductInfo: { NumberOfItems: '1' },
      ItemPrice: money(lineCents(line)),
      ItemTax: money(taxOf(line)),
      // Amazon spreads the charge over the items; here the first one carries it.
      ShippingPrice: money(i === 0 ? shipping : 0),
      ShippingTax: money(i === 0 ? shippingTax : 0),
      ShippingDiscount: money(0),
      ShippingDiscountTax: money(0),
      PromotionDiscount: money(discountOf(line)),
      PromotionDiscountTax: money(0),
      ...(discountOf(line) === 0 ? {} : { PromotionIds: draft.discountCodes.map((discount) => discount.code) }),
      TaxCollection: { Model: 'MarketplaceFacilitator', ResponsibleParty: 'Amazon Services, Inc.' },
      IsGift: 'false',
      ConditionId: 'New',
      ConditionSubtypeId: 'New',
      IsTransparency: false,
      SerialNumberRequired: false,
    })),
  };
}

/** Amazon's times have whole seconds: "2026-03-01T12:00:00Z". */
export const secondsOf = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;
