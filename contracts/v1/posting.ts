import { z } from 'zod';
import { currencyCode, decimal, instant, slug } from './primitives.ts';

export const postingDocument = z.enum([
  'sales_order',
  'invoice',
  'credit_memo',
  'refund',
  'payment',
  'journal',
  'inventory_adjustment',
]);

/** A document posted into a system of record. `posting_key` is the idempotency key: one key is one document, ever. */
export const posting = z.object({
  schema_version: z.literal(1),
  posting_key: z.string().min(1).max(300),
  system: slug,
  document: postingDocument,
  legal_entity: slug,
  order_key: z.string().max(300),
  amount: decimal,
  currency: currencyCode,
  /** cancelled: posted, and later cancelled in the system of record. */
  status: z.enum(['pending', 'posted', 'failed', 'cancelled']),
  document_number: z.string().max(128).optional(),
  attempts: z.int().nonnegative(),
  error_message: z.string().max(2000).optional(),
  updated_at: instant,
});
export type Posting = z.infer<typeof posting>;
