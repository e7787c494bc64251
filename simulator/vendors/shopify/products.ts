import type { CatalogueItem } from '../../catalogue/catalogue.ts';
import { field, listAt, objectAt, type JsonObject, type VendorContext } from '../vendor.ts';

interface ShownProduct {
  sku: string;
  title: string;
  status: string;
  barcode: string;
  /** Times it was set. */
  updates: number;
}

/** Products as the shop shows them: the catalogue's until somebody sets something else. */
export interface ShopProducts {
  of(item: CatalogueItem): { title: string; status: string; barcode: string };
  /** productUpdate, with the barcodes of the productVariantsBulkUpdate beside it. */
  update(variables: JsonObject | undefined): unknown;
  list(): ShownProduct[];
}

const LONGEST_TITLE = 255;

export function createShopProducts(context: VendorContext): ShopProducts {
  const shown = context.store.collection<ShownProduct>(`${context.system.id}.products`, 20_000);
  const byProduct = new Map(context.catalogue.items.map((item) => [`gid://shopify/Product/${item.productId}`, item]));
  const of = (item: CatalogueItem): ShownProduct =>
    shown.get(item.sku) ?? {
      ...{ sku: item.sku, title: item.title, status: item.active ? 'ACTIVE' : 'DRAFT' },
      ...{ barcode: item.gtin, updates: 0 },
    };
  return {
    of,
    update: (variables) => {
      const input = objectAt(variables, 'product');
      const item = byProduct.get(field(input, 'id'));
      const refused = (at: string, message: string) => ({
        productUpdate: { userErrors: [{ field: [at], message }] },
        productVariantsBulkUpdate: { userErrors: [] },
      });
      if (item === undefined) return refused('id', 'Product does not exist');
      const title = field(input, 'title');
      if (title.length > LONGEST_TITLE) return refused('title', 'Title is too long (maximum is 255 characters)');
      const before = of(item);
      const barcode = field(listAt(variables, 'variants')[0], 'barcode');
      // An app that the merchant installed has its own idea of titles.
      const kept = context.conditions.driftsPrices(context.system.id) ? title.toUpperCase() : title;
      shown.put(item.sku, {
        sku: item.sku,
        title: kept,
        status: field(input, 'status'),
        barcode: barcode === '' ? before.barcode : barcode,
        updates: before.updates + 1,
      });
      return { productUpdate: { userErrors: [] }, productVariantsBulkUpdate: { userErrors: [] } };
    },
    list: () => [...shown.values()],
  };
}
