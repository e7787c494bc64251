import type { Address } from '#contracts/v1/address.ts';
import type { Order } from '#contracts/v1/order.ts';
import { exactNumber } from '#platform/exact-json.ts';

/** Signifyd's id of an order: two shops may number alike, so the system is part of it. */
export const signifydOrderId = (order: Order): string => `${order.system}-${order.external_id}`.slice(0, 250);

/** Signifyd's Sale event of a canonical order, after the payment was authorised. */
export function saleOf(order: Order): Record<string, unknown> {
  const digital = !order.lines.some((line) => line.requires_shipping);
  return {
    orderId: signifydOrderId(order),
    purchase: {
      createdAt: order.placed_at,
      orderChannel: 'WEB',
      totalPrice: exactNumber(order.totals.total),
      currency: order.currency,
      confirmationEmail: order.customer.email,
      totalShippingCost: exactNumber(order.totals.shipping),
      discountCodes: discountCodes(order),
      products: order.lines.map((line) => ({
        itemId: line.sku,
        itemName: line.title,
        itemPrice: exactNumber(line.unit_price),
        itemQuantity: exactNumber(String(line.quantity)),
        itemIsDigital: !line.requires_shipping,
      })),
      shipments: digital
        ? []
        : [
            {
              fulfillmentMethod: order.fulfilment.kind === 'click_and_collect' ? 'STORE_PICKUP' : 'DELIVERY',
              ...(order.shipping_address === undefined
                ? {}
                : { destination: destination(order.shipping_address, order) }),
            },
          ],
    },
    userAccount:
      order.customer.external_id === undefined
        ? undefined
        : {
            accountNumber: order.customer.external_id,
            email: order.customer.email,
            phone: order.billing_address?.phone,
          },
    transactions: order.payments.map((payment, i) => ({
      transactionId: `${payment.reference || order.external_id}-${i + 1}`,
      createdAt: order.placed_at,
      gateway: payment.gateway,
      paymentMethod: payment.kind === 'gift_card' ? 'GIFT_CARD' : 'CREDIT_CARD',
      gatewayStatusCode: 'SUCCESS',
      currency: order.currency,
      amount: exactNumber(payment.amount),
      ...(order.billing_address === undefined
        ? {}
        : {
            checkoutPaymentDetails: {
              accountHolderName: order.billing_address.name,
              billingAddress: addressOf(order.billing_address),
            },
          }),
    })),
  };
}

function discountCodes(order: Order) {
  const codes = new Set(
    [...order.lines, ...order.shipping].flatMap((charge) => charge.discounts.map(({ code }) => code)),
  );
  return codes.size === 0 ? undefined : [...codes].map((code) => ({ code }));
}

function destination(address: Address, order: Order) {
  return {
    fullName: address.name,
    organization: address.company,
    email: order.customer.email,
    address: addressOf(address),
  };
}

function addressOf(address: Address) {
  return {
    streetAddress: address.line1,
    unit: address.line2,
    city: address.city,
    provinceCode: address.region_code,
    postalCode: address.postal_code,
    countryCode: address.country_code,
  };
}
