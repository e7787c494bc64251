import { z } from 'zod';
import { eventName } from '#contracts/v1/business-event.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { getJson, type KV } from '#platform/nats/kv.ts';

const waitingDelivery = z.object({
  event_seq: z.int().positive(),
  cloud_event_id: z.string(),
  event: eventName,
  subject: z.string(),
  /** Attempts made. */
  attempts: z.int().nonnegative(),
  next_at: instant,
  replayed: z.boolean(),
});
export type WaitingDelivery = z.infer<typeof waitingDelivery>;

/**
 * What one endpoint has still to be told, durable in KV under `<webhook>.<sequence>`. Of one subject only the oldest is ever
 * due: what follows it waits until that is told or given up.
 */
export class WaitingDeliveries {
  readonly #kv: KV;
  readonly #webhook: string;
  readonly #bySeq = new Map<number, WaitingDelivery>();

  private constructor(kv: KV, webhook: string) {
    this.#kv = kv;
    this.#webhook = webhook;
  }

  static async load(kv: KV, webhook: string): Promise<WaitingDeliveries> {
    const list = new WaitingDeliveries(kv, webhook);
    const keys: string[] = [];
    for await (const key of await kv.keys(`${webhook}.*`)) keys.push(key);
    for (const key of keys) {
      const stored = await getJson(kv, key, waitingDelivery);
      if (stored !== undefined) list.#bySeq.set(stored.value.event_seq, stored.value);
    }
    return list;
  }

  get size(): number {
    return this.#bySeq.size;
  }

  has(seq: number): boolean {
    return this.#bySeq.has(seq);
  }

  waitsFor(subject: string): boolean {
    return [...this.#bySeq.values()].some((one) => one.subject === subject);
  }

  async put(one: WaitingDelivery): Promise<void> {
    crashPoint('engine.webhook.waiting.before');
    await this.#kv.put(this.#key(one.event_seq), JSON.stringify(one));
    crashPoint('engine.webhook.waiting.after');
    this.#bySeq.set(one.event_seq, one);
  }

  async remove(seq: number): Promise<void> {
    if (!this.#bySeq.has(seq)) return;
    await this.#kv.delete(this.#key(seq));
    this.#bySeq.delete(seq);
  }

  /** Everything is due at once: the endpoint is well again. What KV says of the time need not be changed for that. */
  hurry(now: Date): void {
    for (const one of this.#bySeq.values())
      if (one.attempts > 0) this.#bySeq.set(one.event_seq, { ...one, next_at: now.toISOString() });
  }

  /** The oldest of each subject, the earliest due first. */
  heads(): WaitingDelivery[] {
    const heads = new Map<string, WaitingDelivery>();
    for (const one of this.#bySeq.values()) {
      const head = heads.get(one.subject);
      if (head === undefined || one.event_seq < head.event_seq) heads.set(one.subject, one);
    }
    return [...heads.values()].sort((a, b) => a.next_at.localeCompare(b.next_at) || a.event_seq - b.event_seq);
  }

  #key(seq: number): string {
    return `${this.#webhook}.${seq}`;
  }
}
