import { encodeToken } from '#contracts/v1/key.ts';
import type { MappingKind } from '#contracts/v1/mapping.ts';

/** Key of a product in bucket PRODUCTS. */
export const productKey = (sku: string): string => encodeToken(sku);

/** Key of a mapping in bucket MAPPINGS. */
export const mappingKey = (kind: MappingKind, system: string, code: string): string =>
  `${kind}.${encodeToken(system)}.${encodeToken(code)}`;
