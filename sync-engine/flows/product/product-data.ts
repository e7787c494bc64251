import type { Product } from '#contracts/v1/catalogue.ts';
import type { VerbName } from '../../connectors/services.ts';
import type { MasterData } from '../../master/master-data.ts';
import type { CallStep, Flow, InlineStep, View } from '../flow.ts';
import type { MessageData, MessageEnv } from '../message.ts';

/** Outputs of product_sync so far. */
export interface ProductData extends MessageData {
  /** Absent until the message is understood. */
  product?: Product;
}

export interface ProductEnv extends MessageEnv {
  /** Does a system offer a business service? */
  offers: (system: string, verb: VerbName) => boolean;
  master: Pick<MasterData, 'product'>;
}

export type ProductView = View<ProductData>;
export type ProductInline = InlineStep<ProductData, ProductEnv>;
export type ProductCall = CallStep<ProductData, ProductEnv>;
export type ProductFlow = Flow<ProductData, ProductEnv>;

/** Why a version is not published: a newer one has replaced it. Undefined where none has. */
export function replaced({ sku, updated_at }: Product, { master }: Pick<ProductEnv, 'master'>): string | undefined {
  const known = master.product(sku)?.updated_at ?? updated_at;
  return known > updated_at ? `The product was changed again at ${known}.` : undefined;
}

/** @throws before the message is understood. */
export function productOf({ key, data }: ProductView): Product {
  if (data.product === undefined) throw new Error(`product ${key} is not understood yet`);
  return data.product;
}
