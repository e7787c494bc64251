import type { Catalogue, CatalogueItem } from '../catalogue/catalogue.ts';
import { type Customer, pickCustomer } from '../catalogue/customers.ts';
import { STORE_ITEMS } from '../catalogue/initial-stock.ts';
import { euTaxes, type TaxDefinition, ukTax, unmappedTaxes, usTaxes } from '../catalogue/taxes.ts';
import {
  type DraftLine,
  type DraftShipping,
  draftTaxes,
  draftTotals,
  lineCents,
  type OrderDraft,
} from '../order-draft.ts';
import type { Random } from '../random.ts';
import type { ChannelProfile } from './profiles.ts';

/** What is to be wrong with an order, or special about it. */
export interface OrderWishes {
  unmappedTax?: boolean;
  inactiveSku?: boolean;
  /** This SKU alone, as in a flash sale. */
  sku?: string;
  test?: boolean;
}

export interface Checkout {
  /** An order as a customer of the channel would place it at that time. */
  draft(profile: ChannelProfile, number: number, placedAt: Date, wishes?: OrderWishes): OrderDraft;
}

const methods = [
  { code: 'STANDARD', title: 'Standard shipping', cents: 595, weight: 70 },
  { code: 'EXPRESS', title: 'Express shipping', cents: 1495, weight: 20 },
  { code: 'ECONOMY', title: 'Economy shipping', cents: 395, weight: 10 },
] as const;
const codes = [
  { code: 'WELCOME10', percent: 10 },
  { code: 'AUTUMN15', percent: 15 },
  { code: 'FRIENDS20', percent: 20 },
];
/** Share of a shop's orders that are collected, where its stores let customers collect. */
const PICKUP_SHARE = 0.04;
/** Standard shipping is free from this many cents on. */
const FREE_FROM = 10_000;

export function createCheckout(catalogue: Catalogue, random: Random, nextId: () => number): Checkout {
  const pickItem = (): CatalogueItem => {
    // Few items make most of the sales.
    const item = catalogue.active[Math.floor(catalogue.active.length * random.next() ** 1.6)];
    return item ?? random.pick(catalogue.active);
  };
  const itemsOf = (wishes: OrderWishes, pickup: boolean): CatalogueItem[] => {
    const wanted = wishes.sku === undefined ? undefined : catalogue.bySku(wishes.sku);
    if (wanted !== undefined) return [wanted];
    // Stores carry few items, and a few of each.
    if (pickup) return [random.pick(catalogue.active.slice(0, STORE_ITEMS))];
    const draw = random.next();
    const count = draw < 0.6 ? 1 : draw < 0.85 ? 2 : draw < 0.95 ? 3 : 4;
    const items = new Set(Array.from({ length: count }, pickItem));
    if (wishes.inactiveSku === true && catalogue.inactive.length > 0) items.add(random.pick(catalogue.inactive));
    return [...items];
  };
  return {
    draft: (profile, number, placedAt, wishes = {}) => {
      const customer = pickCustomer(random, profile.market);
      const taxes = taxesOf(profile, customer, wishes);
      const included = profile.market !== 'us';
      const discountCodes = random.chance(0.2) ? [random.pick(codes)] : [];
      const percent = discountCodes[0]?.percent ?? 0;
      const { pickups = [] } = profile;
      const pickupAt = pickups.length > 0 && random.chance(PICKUP_SHARE) ? random.pick(pickups) : undefined;
      const lines = itemsOf(wishes, pickupAt !== undefined).map((item): DraftLine => {
        const quantity = random.chance(0.85) ? 1 : random.chance(0.8) ? 2 : 3;
        const unitCents = item.priceCents[profile.currency];
        const discount = Math.round((unitCents * quantity * percent) / 100);
        return {
          id: nextId(),
          sku: item.sku,
          title: item.title,
          vendor: item.vendor,
          productId: item.productId,
          variantId: item.variantId,
          grams: item.weightGrams,
          quantity,
          unitCents,
          discounts: discount > 0 ? [{ application: 0, cents: discount }] : [],
          taxes: draftTaxes(unitCents * quantity - discount, taxes, included),
          requiresShipping: true,
          giftCard: false,
        };
      });
      const draft: OrderDraft = {
        id: nextId(),
        number,
        currency: profile.currency,
        taxesIncluded: included,
        placedAt,
        customer,
        lines,
        shipping: [
          pickupAt === undefined
            ? shippingOf(random, nextId(), lines, taxes, included)
            : { id: nextId(), title: 'Store pickup', code: 'PICKUP', cents: 0, taxes: [] },
        ],
        discountCodes,
        giftCents: 0,
        test: wishes.test ?? false,
        ...(pickupAt !== undefined && { pickupAt }),
      };
      if (profile.kind === 'shopify' && random.chance(0.02))
        draft.giftCents = Math.min(2_500, Math.floor(draftTotals(draft).total / 2));
      return draft;
    },
  };
}

function shippingOf(
  random: Random,
  id: number,
  lines: readonly DraftLine[],
  taxes: readonly TaxDefinition[],
  included: boolean,
): DraftShipping {
  const draw = random.int(1, 100);
  const method = draw <= 70 ? methods[0] : draw <= 90 ? methods[1] : methods[2];
  const goods = lines.reduce((sum, line) => sum + lineCents(line), 0);
  const cents = method.code === 'STANDARD' && goods >= FREE_FROM ? 0 : method.cents;
  return {
    id,
    title: method.title,
    code: method.code,
    cents,
    taxes: cents === 0 ? [] : draftTaxes(cents, taxes, included),
  };
}

function taxesOf(profile: ChannelProfile, customer: Customer, wishes: OrderWishes): TaxDefinition[] {
  const { countryCode, provinceCode } = customer.address;
  const usual =
    profile.market === 'us'
      ? (usTaxes[provinceCode ?? ''] ?? [])
      : profile.market === 'uk'
        ? [ukTax]
        : [euTaxes[countryCode]].filter((tax) => tax !== undefined);
  return wishes.unmappedTax === true ? [...usual, unmappedTaxes[profile.market]] : [...usual];
}
