import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { compareAndSwap, getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import { granted, type Granted } from './refund.ts';

const entry = z.object({
  /** The return's transaction key. */
  key: z.string(),
  /** The return's own number. */
  number: z.string(),
  requested_at: instant,
  lines: z.array(z.object({ line_id: z.string(), quantity: z.int().nonnegative() })),
  /** The goods are here; until then the units are only counted on. */
  received: z.boolean(),
  granted: granted.optional(),
});
export type BookedReturn = z.infer<typeof entry>;
const entries = z.array(entry);

export type Claim = Pick<BookedReturn, 'key' | 'number' | 'requested_at' | 'lines' | 'received'>;

/** Units of a line that can still come back. */
export interface Left {
  line_id: string;
  left: number;
}

/**
 * What came back of each order and what was given for it, durable in KV: returns of one order are decided one after the
 * other, however many replicas decide. It outlives the events.
 */
export class ReturnBook {
  readonly #kv: KV;
  /** Requests whose goods did not come within this are no longer counted on, in milliseconds. */
  readonly #waitMs: number;

  private constructor(kv: KV, waitMs: number) {
    this.#kv = kv;
    this.#waitMs = waitMs;
  }

  static async open(nc: NatsConnection, waitS: number): Promise<ReturnBook> {
    return new ReturnBook(await openBucket(nc, buckets.returns), waitS * 1000);
  }

  async of(orderKey: string): Promise<BookedReturn[]> {
    return (await getJson(this.#kv, orderKey, entries))?.value ?? [];
  }

  /**
   * Counts a return's units against those that shipped, once; claiming again replaces what it claimed before.
   * @returns the lines of which less is left than it wants, where there are any; nothing is claimed then.
   */
  async claim(
    orderKey: string,
    claim: Claim,
    shipped: ReadonlyMap<string, number>,
    now: Date,
  ): Promise<'claimed' | { short: Left[] }> {
    let short: Left[] = [];
    await this.#change(orderKey, (booked) => {
      short = shortOf(claim, booked, shipped, new Date(now.getTime() - this.#waitMs));
      const mine = booked.find(({ key }) => key === claim.key);
      // What was refunded stands.
      if (short.length > 0 || mine?.granted !== undefined) return undefined;
      return [...booked.filter(({ key }) => key !== claim.key), claim];
    });
    return short.length > 0 ? { short } : 'claimed';
  }

  /**
   * What is given for a return, decided once on what was given for the others.
   * @param decide undefined where nothing can be decided; then nothing is noted.
   */
  async grant(
    orderKey: string,
    key: string,
    decide: (before: readonly Granted[]) => Granted | undefined,
  ): Promise<Granted | undefined> {
    let given: Granted | undefined;
    await this.#change(orderKey, (booked) => {
      const mine = booked.find((one) => one.key === key);
      if (mine === undefined) throw new Error(`return ${key} has no units of ${orderKey}`);
      given = mine.granted ?? decide(booked.flatMap((one) => one.granted ?? []));
      if (given === undefined || mine.granted !== undefined) return undefined;
      return booked.map((one) => (one.key === key ? { ...one, granted: given } : one));
    });
    return given;
  }

  async #change(orderKey: string, change: (booked: BookedReturn[]) => BookedReturn[] | undefined): Promise<void> {
    for (;;) {
      const stored = await getJson(this.#kv, orderKey, entries);
      const next = change(stored?.value ?? []);
      if (next === undefined) return;
      crashPoint('engine.returns.before');
      const done = await compareAndSwap(this.#kv, orderKey, JSON.stringify(next), stored?.revision ?? 0);
      crashPoint('engine.returns.after');
      if (done !== undefined) return;
    }
  }
}

/** Pure. @param since requests before it whose goods are not here are not counted. */
export function shortOf(
  claim: Pick<Claim, 'key' | 'lines'>,
  booked: readonly BookedReturn[],
  shipped: ReadonlyMap<string, number>,
  since: Date,
): Left[] {
  const counted = booked.filter(
    ({ key, received, requested_at }) => key !== claim.key && (received || Date.parse(requested_at) >= since.getTime()),
  );
  const wanted = new Map<string, number>();
  for (const { line_id, quantity } of claim.lines) wanted.set(line_id, (wanted.get(line_id) ?? 0) + quantity);
  return [...wanted].flatMap(([line_id, quantity]) => {
    const gone = counted
      .flatMap(({ lines }) => lines)
      .reduce((sum, line) => (line.line_id === line_id ? sum + line.quantity : sum), 0);
    const left = Math.max(0, (shipped.get(line_id) ?? 0) - gone);
    return quantity > left ? [{ line_id, left }] : [];
  });
}
