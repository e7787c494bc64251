import type { Product } from '#contracts/v1/catalogue.ts';
import type { VerbName } from '../../connectors/services.ts';
import type { MasterData } from '../../master/master-data.ts';
import type { CallStep, Flow, InlineStep, View } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';
import type { Versions } from '../versions.ts';

/** Outputs of product_sync so far. */
export interface ProductData extends MessageData {
  /** Absent until the message is understood. */
  product?: Product;
  /** The channel was told a version here, or may have been. */
  told?: boolean;
}

export interface ProductEnv extends MessageEnv {
  /** Does a system offer a business service? */
  offers: (system: string, verb: VerbName) => boolean;
  master: Pick<MasterData, 'currentProduct'>;
}

export type ProductView = View<ProductData>;
export type ProductInline = InlineStep<ProductData, ProductEnv>;
export type ProductCall = CallStep<ProductData, ProductEnv>;
export type ProductFlow = Flow<ProductData, ProductEnv>;

/** @throws before the message is understood. */
export function productOf({ key, data }: ProductView): Product {
  if (data.product === undefined) throw new Error(`product ${key} is not understood yet`);
  return data.product;
}

/** The newest version that is known: the item master's, unless this transaction's own is as new. */
export async function newest(own: Product, { master }: Pick<ProductEnv, 'master'>): Promise<Product> {
  const known = await master.currentProduct(own.sku);
  return known !== undefined && known.updated_at > own.updated_at ? known : own;
}

export const changedAgain = ({ updated_at }: Product): string => `The product was changed again at ${updated_at}.`;

export const productVersions: Versions<ProductData, ProductEnv, Product> = {
  wanted: productOf,
  inForce: (view, env) => newest(productOf(view), env),
  idOf: ({ updated_at }) => updated_at,
  because: (wanted, inForce = wanted) => changedAgain(inForce),
};
