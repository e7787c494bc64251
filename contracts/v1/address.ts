import { z } from 'zod';

/** Postal address. `country_code` is ISO 3166-1 alpha-2, `region_code` the part of ISO 3166-2 after the hyphen. */
export const address = z.object({
  name: z.string().max(200),
  company: z.string().max(200).optional(),
  line1: z.string().max(300),
  line2: z.string().max(300).optional(),
  city: z.string().max(200),
  region_code: z.string().max(10).optional(),
  postal_code: z.string().max(20),
  country_code: z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 code such as "US"'),
  phone: z.string().max(50).optional(),
});
export type Address = z.infer<typeof address>;
