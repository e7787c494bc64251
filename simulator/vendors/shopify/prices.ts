import { formatCents, parseCents } from '../../amount.ts';
import type { CatalogueItem, SaleCurrency } from '../../catalogue/catalogue.ts';
import { field, listAt, type JsonObject, type VendorContext } from '../vendor.ts';

const variantPrefix = 'gid://shopify/ProductVariant/';

interface ShownPrice {
  sku: string;
  price: string;
  compareAtPrice: string | null;
  /** Times it was set. */
  updates: number;
}

/** Prices as the shop shows them: the catalogue's until somebody sets another. */
export interface ShopPrices {
  of(item: CatalogueItem): { price: string; compareAtPrice: string | null };
  /** productVariantsBulkUpdate. */
  update(variables: JsonObject | undefined): unknown;
  list(): ShownPrice[];
}

export function createShopPrices(context: VendorContext, currency: SaleCurrency): ShopPrices {
  const shown = context.store.collection<ShownPrice>(`${context.system.id}.prices`, 20_000);
  const byVariant = new Map(context.catalogue.items.map((item) => [String(item.variantId), item]));

  const updateVariant = (variant: JsonObject, productId: string, at: string[]) => {
    const item = byVariant.get(field(variant, 'id').replace(variantPrefix, ''));
    if (item === undefined || `gid://shopify/Product/${item.productId}` !== productId)
      return {
        code: 'PRODUCT_VARIANT_DOES_NOT_EXIST',
        field: [...at, 'id'],
        message: 'Product variant does not exist',
      };
    const cents = parseCents(variant['price']);
    if (cents === undefined || cents < 0)
      return { code: 'INVALID_INPUT', field: [...at, 'price'], message: 'Price must be greater than or equal to 0' };
    const compare = variant['compareAtPrice'] === null ? null : parseCents(variant['compareAtPrice']);
    // An app that the merchant installed rounds what is set up to the next 95 cents.
    const kept = context.conditions.driftsPrices(context.system.id) ? Math.ceil((cents + 5) / 100) * 100 - 5 : cents;
    shown.put(item.sku, {
      sku: item.sku,
      price: formatCents(kept),
      compareAtPrice: compare == null ? null : formatCents(compare),
      updates: (shown.get(item.sku)?.updates ?? 0) + 1,
    });
    return undefined;
  };

  return {
    of: (item) => {
      const set = shown.get(item.sku);
      return set === undefined
        ? { price: formatCents(item.priceCents[currency]), compareAtPrice: null }
        : { price: set.price, compareAtPrice: set.compareAtPrice };
    },
    update: (variables) => {
      const productId = field(variables, 'productId');
      const userErrors = listAt(variables, 'variants').flatMap(
        (variant, i) => updateVariant(variant, productId, ['variants', String(i)]) ?? [],
      );
      return { product: userErrors.length > 0 ? null : { id: productId }, userErrors };
    },
    list: () => [...shown.values()],
  };
}
