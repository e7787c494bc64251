import { z } from 'zod';

/** A column that may be NULL, as empty text: pages treat "none" alike everywhere. */
export const optionalText = z
  .string()
  .nullable()
  .transform((value) => value ?? '');

/** Bool and UInt8 flags. */
export const flag = z.union([z.boolean(), z.number()]).transform(Boolean);

/** SQL that reads an instant from a String parameter (RFC 3339). */
export const instantParam = (name: string): string => `parseDateTime64BestEffort({${name}:String}, 3, 'UTC')`;
