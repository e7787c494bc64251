import { z } from 'zod';
import { address } from './address.ts';
import { instant } from './primitives.ts';

/** What somebody said of being written to for marketing, and when. The latest statement is in force. */
export const marketingConsent = z.object({ state: z.enum(['granted', 'withdrawn']), at: instant });
export type MarketingConsent = z.infer<typeof marketingConsent>;

/**
 * A customer as one system knows them. What is absent or empty is not known there; it takes nothing away. Whether e-mail
 * and phone are well formed is found out by customer_sync, so that what is not becomes a case.
 */
export const customer = z.object({
  schema_version: z.literal(1),
  /** The sender's own number. No address and no name: it stands in keys and on events. */
  external_id: z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/, 'expected 1 to 64 letters, digits, dots, colons, - or _'),
  full_name: z.string().max(200).optional(),
  email: z.string().max(254).optional(),
  phone: z.string().max(50).optional(),
  address: address.optional(),
  marketing_consent: marketingConsent.optional(),
  /** Orders the versions of one system's customer, and the values of several systems'. */
  updated_at: instant,
});
export type Customer = z.infer<typeof customer>;
