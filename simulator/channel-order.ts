import type { z } from 'zod';
import type { Address } from '#contracts/v1/address.ts';
import type { channelOrder } from '#contracts/v1/channel-api.ts';
import { formatCents, formatRate } from './amount.ts';
import type { Customer } from './catalogue/customers.ts';
import { type DraftTax, discountOf, draftTotals, type OrderDraft } from './order-draft.ts';

export type ChannelOrderBody = z.input<typeof channelOrder>;

/** Body of `POST /v1/orders`: the order in Syncline's canonical form, paid by card through `paymentReference`. */
export function buildChannelOrder(
  draft: OrderDraft,
  ids: { externalId: string; number: string; paymentReference: string },
): ChannelOrderBody {
  const totals = draftTotals(draft);
  const placedAt = draft.placedAt.toISOString();
  const address = addressOf(draft.customer);
  const tier = { EXPRESS: 'express', ECONOMY: 'economy' } as const;
  const code = draft.shipping[0]?.code;
  return {
    external_id: ids.externalId,
    number: ids.number,
    tier: code === 'EXPRESS' || code === 'ECONOMY' ? tier[code] : 'standard',
    placed_at: placedAt,
    updated_at: placedAt,
    currency: draft.currency,
    taxes_included: draft.taxesIncluded,
    test: draft.test,
    customer: {
      external_id: String(draft.customer.id),
      name: `${draft.customer.firstName} ${draft.customer.lastName}`,
      email: draft.customer.email,
    },
    billing_address: address,
    shipping_address: address,
    fulfilment: { kind: 'ship' },
    lines: draft.lines.map((line) => ({
      line_id: String(line.id),
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      unit_price: formatCents(line.unitCents),
      discounts:
        discountOf(line) === 0
          ? []
          : [{ code: draft.discountCodes[0]?.code ?? '', amount: formatCents(discountOf(line)) }],
      taxes: line.taxes.map(taxLine),
      duties: '0.00',
      requires_shipping: line.requiresShipping,
      gift_card: line.giftCard,
    })),
    shipping: draft.shipping.map((charge) => ({
      code: charge.code,
      title: charge.title,
      price: formatCents(charge.cents),
      discounts: [],
      taxes: charge.taxes.map(taxLine),
    })),
    payments: [
      { gateway: 'stripe', kind: 'authorization', amount: formatCents(totals.total), reference: ids.paymentReference },
    ],
    totals: {
      subtotal: formatCents(totals.goods),
      discount: formatCents(totals.discount),
      shipping: formatCents(totals.shipping),
      tax: formatCents(totals.tax),
      duties: '0.00',
      tip: '0.00',
      total: formatCents(totals.total),
    },
  };
}

const taxLine = (tax: DraftTax) => ({ code: tax.title, rate: formatRate(tax.ratePpm), amount: formatCents(tax.cents) });

function addressOf(customer: Customer): Address {
  const { address } = customer;
  return {
    name: `${customer.firstName} ${customer.lastName}`,
    line1: address.line1,
    city: address.city,
    ...(address.provinceCode === null ? {} : { region_code: address.provinceCode }),
    postal_code: address.zip,
    country_code: address.countryCode,
  };
}
