import { z } from 'zod';
import { sku, slug } from './primitives.ts';

/** What lay at a location when it was counted, before Syncline kept its stock. */
export const openingItem = z.object({ sku, location: slug, on_hand: z.int().min(0).max(10_000_000) });
export type OpeningItem = z.infer<typeof openingItem>;

/**
 * What came of it. opened: it is in the journal, or would be. known: it was already, from this count. moved: its stock has moved
 * already, so that the count would overwrite what is known. newer: a later opening count is there.
 */
export const openingOutcome = z.enum(['opened', 'known', 'moved', 'newer', 'unknown_sku', 'unknown_location']);
export type OpeningOutcome = z.infer<typeof openingOutcome>;

/** Items that are opened by one command. */
export const MOST_OPENED = 500;

/** Source of opening counts in the journal: no system's, whose own numbering goes on beside it. */
export const OPENING_SOURCE = 'opening-stock';
