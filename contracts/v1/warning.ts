import { z } from 'zod';
import { instant, slug } from './primitives.ts';

/**
 * What fails before long where nobody does anything.
 * feed_silent: a system sends nothing of a kind for far longer than it usually is silent.
 * subscription_dropped: a system no longer sends a webhook that it should send.
 * limit_near: calls to a system come near the rate that was agreed, or NATS near its storage.
 * credential_expiring: a credential or a certificate ends soon, or has ended.
 * mapping_unowned: the owner of a mapping may not sign in.
 */
export const warningKind = z.enum([
  'feed_silent',
  'subscription_dropped',
  'limit_near',
  'credential_expiring',
  'mapping_unowned',
]);
export type WarningKind = z.infer<typeof warningKind>;

/** warn: it will fail. bad: it fails already, or is about to. */
export const warningSeverity = z.enum(['warn', 'bad']);
export type WarningSeverity = z.infer<typeof warningSeverity>;

export const warning = z.object({
  /** The same for the same thing as long as it holds. */
  id: z.string().min(1).max(300),
  /** The system it is about; empty where it is about none. */
  system: z.union([z.literal(''), slug]),
  /** What it is about, as people call it. */
  subject: z.string().min(1).max(200),
  severity: warningSeverity,
  /** What fails or will fail, and when. */
  message: z.string().min(1).max(1000),
  /** What to do about it. */
  remedy: z.string().min(1).max(1000),
  since: instant,
  /** It ends by the command `connector.subscribe` for this topic. */
  subscribe: z.object({ topic: z.string().min(1).max(100) }).optional(),
});
export type Warning = z.infer<typeof warning>;

/**
 * Something that could not be looked at, or not yet: whether there is anything to warn of is not known. What was warned of
 * before under its id, or under an id that begins with it and a space, stays a warning.
 */
export const unknownWarning = warning.pick({ id: true, system: true, subject: true, message: true });
export type UnknownWarning = z.infer<typeof unknownWarning>;

/** All that is known of one kind, in KV bucket WARNINGS under the kind. What no longer holds is no longer in it. */
export const warningSheet = z.object({
  kind: warningKind,
  /** When it was last evaluated as a whole; empty where it never was. */
  evaluated_at: z.union([z.literal(''), instant]),
  /** When it is evaluated next; long after that nobody evaluates it. */
  next_at: instant,
  /** Why the latest evaluation failed; then the rest is from `evaluated_at`. Empty where it did not. */
  failure: z.string().max(1000),
  warnings: z.array(warning),
  unknown: z.array(unknownWarning),
});
export type WarningSheet = z.infer<typeof warningSheet>;
