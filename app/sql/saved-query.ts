import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { queryLimits } from './limits.ts';

export const savedQuery = z.object({
  id: z.string().regex(/^[a-z0-9]{12}$/),
  name: z.string().trim().min(1).max(80),
  sql: z.string().trim().min(1).max(queryLimits.characters),
  /** User who saved it. */
  owner: z.string(),
  owner_name: z.string(),
  /** Offered to everybody who may run queries. */
  shared: z.boolean(),
  saved_at: instant,
});
export type SavedQuery = z.infer<typeof savedQuery>;

/** What the page is told of one. */
export interface OfferedQuery {
  id: string;
  name: string;
  sql: string;
  shared: boolean;
  mine: boolean;
  ownerName: string;
  savedAt: string;
  mayRemove: boolean;
}
