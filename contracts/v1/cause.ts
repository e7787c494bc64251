import { z } from 'zod';
import { instant } from './primitives.ts';

/** Fingerprint of a cause: flow, step, error class, field and normalised message, hashed. */
export const fingerprint = z.string().regex(/^[0-9a-f]{8,64}$/, 'expected the fingerprint of a cause');

const decided = { by: z.string().max(200), at: instant, reason: z.string().max(1000) };

/** A muted cause is out of sight until a moment, until so many more cases, or until so many come within an hour. */
export const causeMute = z.object({
  ...decided,
  until: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('date'), at: instant }),
    z.object({ kind: z.literal('count'), cases: z.int().min(1).max(1_000_000) }),
    z.object({ kind: z.literal('rate'), cases_per_hour: z.int().min(1).max(1_000_000) }),
  ]),
});
export type CauseMute = z.infer<typeof causeMute>;

/** What a change of a cause does, by name. */
export const causeChangeKind = z.enum(['own', 'note', 'runbook', 'hold', 'release', 'mute', 'unmute']);
export type CauseChangeKind = z.infer<typeof causeChangeKind>;

/** What people decided about a cause, in KV bucket CAUSES under its fingerprint. What it counts is in the cases. */
export const causeState = z.object({
  v: z.literal(1),
  fingerprint,
  /** Grows by one with each change; a command names the revision it was decided on, 0 for the first. */
  revision: z.int().positive(),
  /** E-mail of the person who sees to it; empty where nobody does. */
  owner: z.string().max(200),
  note: z.string().max(4000),
  /** Where the way to cure it is written down, beside what the console knows; empty where nowhere. */
  runbook_url: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  /** Nobody is to replay its cases for now: a vendor has been asked, a release is awaited. */
  hold: z.object(decided).optional(),
  mute: causeMute.optional(),
  /** What the latest change did, so that whoever comes second learns what the first one changed. */
  last_change: causeChangeKind.optional(),
  updated_by: z.string().max(200),
  updated_at: instant,
});
export type CauseState = z.infer<typeof causeState>;

export const causeChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('own'), owner: z.string().max(200) }),
  z.object({ kind: z.literal('note'), note: z.string().max(4000) }),
  z.object({ kind: z.literal('runbook'), runbook_url: causeState.shape.runbook_url }),
  z.object({ kind: z.literal('hold'), reason: z.string().min(1).max(1000) }),
  z.object({ kind: z.literal('release') }),
  z.object({ kind: z.literal('mute'), reason: z.string().min(1).max(1000), until: causeMute.shape.until }),
  z.object({ kind: z.literal('unmute') }),
]);
export type CauseChange = z.infer<typeof causeChange>;
