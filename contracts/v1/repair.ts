import { z } from 'zod';
import { currencyCode, decimal, instant, slug } from './primitives.ts';
import { mappingKind } from './mapping.ts';

/** A name on a subject: run, rule or shadow trial. */
export const repairId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected an id');

/**
 * One operation of a JSON Patch (RFC 6902) on the received payload, with two additions: `*` in a path stands for every
 * element of an array, and `was` limits the operation to places that hold exactly this now.
 */
const path = z
  .string()
  .max(500)
  .regex(/^(\/([^~/]|~[01])*)*$/, 'expected a JSON Pointer, such as /line_items/*/sku');
export const patchOperation = z.discriminatedUnion('op', [
  z.object({ op: z.literal('replace'), path, value: z.unknown(), was: z.unknown().optional() }),
  z.object({ op: z.literal('add'), path, value: z.unknown() }),
  z.object({ op: z.literal('remove'), path, was: z.unknown().optional() }),
  z.object({ op: z.literal('test'), path, value: z.unknown() }),
]);
export type PatchOperation = z.infer<typeof patchOperation>;

/** What cures a cause: a change to each payload, a mapping added once, or nothing but another attempt. */
export const repair = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('patch'), operations: z.array(patchOperation).min(1).max(50) }),
  z.object({
    kind: z.literal('mapping'),
    mapping: z.object({
      kind: mappingKind,
      system: slug,
      code: z.string().min(1).max(200),
      target: z.string().min(1).max(200),
    }),
  }),
  z.object({ kind: z.literal('none') }),
]);
export type Repair = z.infer<typeof repair>;

export const repairRunStatus = z.enum([
  /** Its list is being written. */
  'listing',
  /** Every item is being tried without effects. */
  'trying',
  /** Tried; a person decides whether to go on. */
  'tried',
  'replaying',
  /** By a person, or because too many failed again: `reason` says which. */
  'paused',
  'aborted',
  'done',
]);
export type RepairRunStatus = z.infer<typeof repairRunStatus>;

export const repairOutcome = z.enum([
  'pending',
  /** The dry run got past the failed step. */
  'would_cure',
  /** It cannot be tried without effects; a replay applies it, or returns it to its case. */
  'cannot_know',
  /** It did not, or the repair does not apply; `message` says why. */
  'not_cured',
  /** Somebody changed or closed the case after the list was frozen. */
  'changed',
  /** Its case has been told to replay; the flow has the word. */
  'replaying',
  'resolved',
  /** Got past its step, and stopped at a later one, with a case of its own, while the run was still going on. */
  'stopped_later',
  'failed_again',
  /** Above the amount that one person may move: its case awaits approval. */
  'awaits_approval',
  /** Somebody put its order on hold after its case had been told: it goes on once that is released. */
  'held',
  /** The engine refused the replay: stale, or another case comes first. */
  'refused',
  /** The run was aborted before its turn. */
  'left_out',
]);
export type RepairOutcome = z.infer<typeof repairOutcome>;

/** One case in a run, on `repairs.item.<run>.<case>`; the last message is its outcome. */
export const repairItem = z.object({
  v: z.literal(1),
  event_id: z.string().min(1).max(200),
  run_id: repairId,
  case_id: z.string().min(1).max(64),
  /** Revision of the case when the list was frozen. */
  case_revision: z.int().positive(),
  /** Its turn: the most urgent first, an order before the messages about it. */
  position: z.int().nonnegative(),
  /** Grows by one with each outcome. */
  revision: z.int().positive(),
  at: instant,
  key: z.string().max(300),
  business_key: z.string().max(200),
  amount: z.union([z.literal(''), decimal]),
  currency: z.union([z.literal(''), currencyCode]),
  outcome: repairOutcome,
  message: z.string().max(2000),
  /** Systems that the dry run found would be called, in order. */
  systems: z.array(z.string().max(64)).max(20),
});
export type RepairItem = z.infer<typeof repairItem>;

/** A repair tried on, and then carried through, a frozen list of cases; on `repairs.run.<id>`. */
export const repairRun = z.object({
  v: z.literal(1),
  event_id: z.string().min(1).max(120),
  run_id: repairId,
  revision: z.int().positive(),
  status: repairRunStatus,
  /** The cause it is for; empty for a list chosen by hand. */
  fingerprint: z.string().max(64),
  repair,
  reason: z.string().max(1000),
  created_by: z.string().max(200),
  created_at: instant,
  updated_at: instant,
  /** Who let it replay; empty before. */
  started_by: z.string().max(200),
  /** Replays a second at most. */
  rate_per_s: z.number().min(0.1).max(200),
  /** Cases on the frozen list. */
  items: z.int().nonnegative(),
  /** Size of the last wave that came to its end: 1, 2, 5, 20 …; 0 before the first, and once it was let go on. */
  wave: z.int().nonnegative(),
  /** How many items stand at each outcome. */
  counts: z.partialRecord(repairOutcome, z.int().nonnegative()),
  /** Why it is paused or aborted, or what it waits for; empty otherwise. */
  message: z.string().max(1000),
  writer: z.string().max(64),
});
export type RepairRun = z.infer<typeof repairRun>;
