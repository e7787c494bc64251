import { z } from 'zod';
import { instant, slug } from './primitives.ts';

export const mappingKind = z.enum([
  'tax_code',
  'sku',
  'location',
  'shipping_method',
  'payment_gateway',
  'return_reason',
  /** Target: how many of our units one of it is. A code `CS/TOTE-MOSS` is of one SKU, `CS` of every other. */
  'unit',
  'lot',
]);
export type MappingKind = z.infer<typeof mappingKind>;

/**
 * What one system's code means to another: `system` is whose vocabulary the target is in (an ERP for tax codes), or
 * whose code it is (a channel for SKUs, a warehouse for locations, whoever sends them for the reasons of returns).
 */
export const mapping = z.object({
  kind: mappingKind,
  system: slug,
  code: z.string().min(1).max(200),
  target: z.string().min(1).max(200),
  /** Whom to ask about it, a user's e-mail address; `mappingOwner` says who that is where it is absent. */
  owner: z.string().min(1).max(200).optional(),
  changed_by: z.string().max(200),
  changed_at: instant,
  reason: z.string().max(1000),
});
export type Mapping = z.infer<typeof mapping>;

/** Who owns a mapping: whom it names, else whoever changed it last. They own it still when somebody else changes it. */
export const mappingOwner = ({ owner, changed_by }: Pick<Mapping, 'owner' | 'changed_by'>): string =>
  owner ?? changed_by;
