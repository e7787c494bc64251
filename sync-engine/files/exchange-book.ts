import { createHash } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { buckets } from '#contracts/v1/subjects.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { compareAndSwap, getEntry, getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import type { ReleasedOrder } from '../connectors/topics.ts';

const released = z.object({
  orderKey: z.string(),
  location: z.string(),
  lines: z.array(z.object({ line_id: z.string(), sku: z.string(), quantity: z.int() })),
});

/** A document that was given a control number; under the same name it has the same number and moment for ever. */
const sent = z.object({
  control: z.int().positive(),
  at: instant,
  /** Of what it says: the same name with other content is refused. */
  digest: z.string(),
  released: released.optional(),
  /** Its file lies in the folder, or did. */
  written: z.boolean(),
  acknowledged: z.enum(['accepted', 'rejected']).optional(),
  shipped: z.boolean().optional(),
});
export type Sent = z.infer<typeof sent>;

const taken = z.object({ digest: z.string(), file: z.string() });
export type Taken = z.infer<typeof taken>;

const counter = z.int().nonnegative();
/** ISA13 and GS06 have nine digits. */
const MOST = 999_999_999;

/** What must outlive a process of documents exchanged as files. Every write is a compare-and-swap. */
export interface ExchangeBook {
  sent(system: string, name: string): Promise<Sent | undefined>;
  /** The document of this name, with a control number given now where it has none yet. */
  number(system: string, name: string, content: { digest: string; released?: ReleasedOrder }): Promise<Sent>;
  change(system: string, name: string, change: Partial<Omit<Sent, 'control'>>): Promise<void>;
  /** Name of the document that went out under a control number. */
  nameOf(system: string, control: number): Promise<string | undefined>;
  /** What was released under the number that a warehouse knows it by. */
  released(system: string, number: string): Promise<ReleasedOrder | undefined>;
  /** An interchange of theirs that was taken. */
  taken(system: string, control: string): Promise<Taken | undefined>;
  take(system: string, control: string, what: Taken): Promise<void>;
  /** Was this file taken while its system was only observed? Whoever did the system's work answered it. */
  passedOver(system: string, file: Taken): Promise<boolean>;
  passOver(system: string, file: Taken): Promise<void>;
}

/** Name of the document that releases goods under a warehouse's number. */
export const releaseName = (number: string): string => `940-N-${number}`;

/** What stands in a name may be no part of a key. */
const hashed = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 40);

export async function openExchangeBook(nc: NatsConnection): Promise<ExchangeBook> {
  const kv = await openBucket(nc, buckets.exchange);
  const keyOf = (system: string, name: string) => `sent.${system}.${hashed(name)}`;
  const passedKey = (system: string, { digest, file }: Taken) => `passed_over.${system}.${hashed(`${digest} ${file}`)}`;
  const read = (system: string, name: string) => getJson(kv, keyOf(system, name), sent);
  const book: ExchangeBook = {
    sent: async (system, name) => (await read(system, name))?.value,
    number: async (system, name, content) => {
      const known = await read(system, name);
      if (known !== undefined) return known.value;
      const control = await next(kv, `counter.${system}`);
      // Before the document itself: who looks a number up finds at worst a document that was never written.
      await kv.put(`control.${system}.${control}`, JSON.stringify(name));
      const fresh: Sent = { control, at: new Date().toISOString(), written: false, ...copied(content) };
      const first = await compareAndSwap(kv, keyOf(system, name), JSON.stringify(fresh), 0);
      return first === undefined ? book.number(system, name, content) : fresh;
    },
    change: async (system, name, change) => {
      const known = await read(system, name);
      if (known === undefined) return;
      const changed = JSON.stringify({ ...known.value, ...change });
      const done = await compareAndSwap(kv, keyOf(system, name), changed, known.revision);
      if (done === undefined) await book.change(system, name, change);
    },
    nameOf: async (system, control) => (await getJson(kv, `control.${system}.${control}`, z.string()))?.value,
    released: async (system, number) => (await read(system, releaseName(number)))?.value.released,
    taken: async (system, control) => (await getJson(kv, `taken.${system}.${control}`, taken))?.value,
    take: async (system, control, what) => {
      await compareAndSwap(kv, `taken.${system}.${control}`, JSON.stringify(what), 0);
    },
    passedOver: async (system, file) => (await getEntry(kv, passedKey(system, file))) !== undefined,
    passOver: async (system, file) => {
      await kv.put(passedKey(system, file), JSON.stringify(file));
    },
  };
  return book;
}

const copied = ({ digest, released: order }: { digest: string; released?: ReleasedOrder }) => ({
  digest,
  ...(order && { released: { ...order, lines: [...order.lines] } }),
});

/** A number that was given and not used leaves a gap, which the partners of an exchange put up with. */
async function next(kv: KV, key: string): Promise<number> {
  for (;;) {
    const known = await getJson(kv, key, counter);
    const value = ((known?.value ?? 0) % MOST) + 1;
    if ((await compareAndSwap(kv, key, JSON.stringify(value), known?.revision ?? 0)) !== undefined) return value;
  }
}
