import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { buckets } from '#contracts/v1/subjects.ts';
import { compareAndSwap, getJson, openBucket } from '#platform/nats/kv.ts';

const cursor = z.object({
  position: z.string().min(1).max(500),
  /** Delivery ids brought last, the newest at the end. */
  recent: z.array(z.string().max(200)),
});
export type Cursor = z.infer<typeof cursor> & { revision: number };

/** Enough to cover where two windows overlap; what is forgotten is only fetched once more. */
const REMEMBERED = 500;

/** How far each system was read. Outlives the process; every write is a compare-and-swap. */
export interface CursorBook {
  /** Where a system was read up to, or `first` where it never was. */
  read(system: string, first: () => string): Promise<Cursor>;
  /** @returns the cursor afterwards, undefined where somebody else moved it meanwhile. */
  advance(system: string, from: Cursor, position: string, brought: readonly string[]): Promise<Cursor | undefined>;
}

export async function openCursorBook(nc: NatsConnection): Promise<CursorBook> {
  const kv = await openBucket(nc, buckets.pollCursors);
  const write = async (system: string, value: z.infer<typeof cursor>, revision: number) => {
    const next = await compareAndSwap(kv, system, JSON.stringify(value), revision);
    return next === undefined ? undefined : { ...value, revision: next };
  };
  const book: CursorBook = {
    read: async (system, first) => {
      const known = await getJson(kv, system, cursor);
      if (known !== undefined) return { ...known.value, revision: known.revision };
      // Written before the first look: an outage that begins at once is caught up from here all the same.
      return (await write(system, { position: first(), recent: [] }, 0)) ?? book.read(system, first);
    },
    advance: (system, from, position, brought) => {
      const recent = [...from.recent.filter((id) => !brought.includes(id)), ...brought].slice(-REMEMBERED);
      return write(system, { position, recent }, from.revision);
    },
  };
  return book;
}
