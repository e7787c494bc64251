import { impossible } from '../transport/answer.ts';

/** A term of Shopify's search for a SKU. Source: shopify.dev/docs/api/usage/search-syntax */
export const skuTerm = (sku: string): string => `sku:"${sku.replaceAll('\\', '\\\\')}"`;

/**
 * The one variant that has a SKU. Shopify's search also finds what only begins alike, so the SKU is compared.
 * @throws ConnectorError where the shop has none, or several
 */
export function onlyVariant<V extends { sku?: string | null | undefined }>(nodes: readonly V[], sku: string): V {
  const [first, second] = nodes.filter((node) => node.sku === sku);
  if (first === undefined)
    throw impossible('UNKNOWN_ITEM', `The shop carries no variant with the SKU ${sku}. List it there, then replay.`);
  if (second !== undefined)
    throw impossible('AMBIGUOUS_ITEM', `Several variants of the shop have the SKU ${sku}; only one may.`);
  return first;
}
