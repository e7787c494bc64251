import { z } from 'zod';
import { commentLimit } from './mentions.ts';

/** One request changes at most so many cases: more are not one decision a person can look over. */
export const bulkLimit = 1_000;

/** A case as it was when it was selected; a case that has changed since is left alone. */
export const selectedCase = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  revision: z.int().positive(),
});
export type SelectedCase = z.infer<typeof selectedCase>;

/** What `GET /quarantine/selection` answers: the cases an address's filters leave. */
export interface SelectionAnswer {
  cases: SelectedCase[];
  /** There are more than one request may change. */
  more: boolean;
}

export type BulkIntent = 'assign' | 'hold' | 'release' | 'comment' | 'tag' | 'discard';

/** Characters of what is written with it: a comment may be as long as on a single case. */
export const noteLimit = (intent: BulkIntent): number => (intent === 'comment' ? commentLimit : 1_000);

/** What became of each case of a bulk action. */
export interface BulkResult {
  intent: BulkIntent;
  done: number;
  refused: { id: string; message: string }[];
  /** Nothing was done, because what was asked makes no sense. */
  problem?: string;
}

const did: Record<BulkIntent, string> = {
  assign: 'assigned',
  hold: 'put on hold',
  release: 'released',
  comment: 'commented on',
  tag: 'tagged',
  discard: 'discarded',
};

/** "298 cases put on hold, 2 left as they were." */
export function bulkWords({ intent, done, refused }: BulkResult): string {
  const cases = (count: number) => `${count} ${count === 1 ? 'case' : 'cases'}`;
  if (refused.length === 0) return `${cases(done)} ${did[intent]}.`;
  const left = `${refused.length} left as ${refused.length === 1 ? 'it was' : 'they were'}`;
  return done === 0 ? `Nothing changed: ${left}.` : `${cases(done)} ${did[intent]}, ${left}.`;
}
