import { createHash } from 'node:crypto';
import type { BreakKind, ReconciliationBreak, ReconciliationGroup } from '#contracts/v1/reconciliation.ts';

/** A difference as a run found it. */
export type Found = Pick<
  ReconciliationBreak,
  | 'domain'
  | 'kind'
  | 'system'
  | 'sku'
  | 'location'
  | 'channel'
  | 'legal_entity'
  | 'method'
  | 'reference'
  | 'business_key'
  | 'key'
  | 'difference'
  | 'currency'
  | 'occurred_at'
  | 'sides'
>;

/** What a run came to, before its breaks are settled. */
export interface Compared {
  compared: number;
  agreeing: number;
  undecided: number;
  groups: ReconciliationGroup[];
  found: Found[];
  /** Was this break looked at, and is it neither found nor undecided? Then its sides agree. */
  agrees: (known: ReconciliationBreak) => boolean;
  /** Sides that could not be read, in words. */
  unread: string[];
}

/** Kinds that are about the same thing: a payment that was missing and is there with another amount is one break. */
const subjectOf = (kind: BreakKind): string => (kind.startsWith('stock_') ? kind : (/^[a-z]+/.exec(kind)?.[0] ?? kind));

type Identity = Pick<Found, 'kind' | 'system' | 'sku' | 'location' | 'channel' | 'reference' | 'currency'>;

/** The same difference found again is the same break. 32 hex digits. */
export function breakId({ kind, system, sku, location, channel, reference, currency }: Identity): string {
  // An item of a channel is told by its place; a document by its number, whatever we know of the rest.
  const parts = kind.startsWith('stock_')
    ? [subjectOf(kind), system, sku, location, channel]
    : [subjectOf(kind), system, reference, currency];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
