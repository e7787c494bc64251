import { z } from 'zod';

/** Decimal amount as text, never a float: "403.00", "-5.5". At most six fraction digits. */
export const decimal = z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/, 'expected a decimal string such as "12.30"');

/** ISO 4217 alphabetic code. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as "USD"');

/** A UTC instant, RFC 3339 with milliseconds: "2026-03-01T09:30:00.000Z". */
export const instant = z.iso.datetime({ precision: 3 });

/** A date and time with any offset, as vendors send them. */
export const offsetDateTime = z.iso.datetime({ offset: true });

/** Stock keeping unit: visible ASCII without quotes, up to 64 characters. */
export const sku = z
  .string()
  .regex(/^[!#-&(-~]{1,64}$/, 'expected 1 to 64 visible characters without quotes or spaces');

/** Identifier of a system, channel, location, … in config/estate.yaml. */
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens');

export const quantity = z.int().nonnegative().max(10_000_000);

export const money = z.object({ amount: decimal, currency: currencyCode });
export type Money = z.infer<typeof money>;

/** The lot (batch) that goods are of, where their maker or the warehouse keeps one. */
export const lot = z.string().min(1).max(64).optional();

/** Serial numbers of the units spoken of, where each has one. */
export const serialNumbers = z.array(z.string().min(1).max(64)).max(1000).optional();
