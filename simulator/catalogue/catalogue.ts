import { createRandom } from '../random.ts';
import { brands, categories, colours, styles } from './wording.ts';

export const saleCurrencies = ['USD', 'EUR', 'GBP'] as const;
export type SaleCurrency = (typeof saleCurrencies)[number];

export interface CatalogueItem {
  /** From 0; lower sells more. */
  index: number;
  sku: string;
  title: string;
  brand: string;
  vendor: string;
  gtin: string;
  active: boolean;
  weightGrams: number;
  taxCategory: string;
  priceCents: Record<SaleCurrency, number>;
  costCents: number;
  /** Shopify's numeric ids. */
  productId: number;
  variantId: number;
  inventoryItemId: number;
}

export interface Catalogue {
  items: readonly CatalogueItem[];
  active: readonly CatalogueItem[];
  inactive: readonly CatalogueItem[];
  bySku(sku: string): CatalogueItem | undefined;
  byInventoryItem(id: number): CatalogueItem | undefined;
}

const firstProductId = 8_100_000_000_000;
const firstVariantId = 44_100_000_000_000;
const firstInventoryItemId = 46_100_000_000_000;

/** The same seed and size always give the same items; one in a hundred is inactive. */
export function createCatalogue(seed: string, size = 2000): Catalogue {
  const random = createRandom(`catalogue ${seed}`);
  const items = Array.from({ length: size }, (_, index): CatalogueItem => {
    const category = random.pick(categories);
    const brand = random.pick(brands);
    const base = random.int(category.from, category.to);
    const number = String(index + 1).padStart(4, '0');
    return {
      index,
      sku: `NL-${category.code}-${number}`,
      title: `${random.pick(styles)} ${category.noun}, ${random.pick(colours)}`,
      brand: brand.id,
      vendor: brand.name,
      gtin: gtin13(`50609${String(1_000_000 + index)}`),
      active: index % 100 !== 87,
      weightGrams: random.int(category.grams[0], category.grams[1]),
      taxCategory: category.tax,
      priceCents: {
        USD: base * 100 - 1,
        EUR: Math.round(base * 0.95) * 100 - 1,
        GBP: Math.round(base * 0.82) * 100 - 1,
      },
      costCents: Math.round(base * random.int(38, 55)),
      productId: firstProductId + index,
      variantId: firstVariantId + index,
      inventoryItemId: firstInventoryItemId + index,
    };
  });
  const bySku = new Map(items.map((item) => [item.sku, item]));
  return {
    items,
    active: items.filter((item) => item.active),
    inactive: items.filter((item) => !item.active),
    bySku: (sku) => bySku.get(sku),
    byInventoryItem: (id) => items[id - firstInventoryItemId],
  };
}

/** Appends the check digit to twelve digits (GS1 General Specifications, 7.9). */
export function gtin13(twelve: string): string {
  const sum = [...twelve].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0);
  return `${twelve}${(10 - (sum % 10)) % 10}`;
}
