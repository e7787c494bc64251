import { z } from 'zod';
import { eventName } from '#contracts/v1/business-event.ts';
import { instant } from '#contracts/v1/primitives.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { inParallel } from '#platform/in-parallel.ts';
import type { KV } from '#platform/nats/kv.ts';
import { valuesOf } from '#platform/nats/list.ts';

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

const WRITTEN_AT_ONCE = 32;

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
    for (const one of await valuesOf(kv, waitingDelivery, `${webhook}.*`)) list.#bySeq.set(one.event_seq, one);
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

  /** Everything is due at once, durably: the endpoint is well again. */
  async hurry(now: Date): Promise<void> {
    await this.#change((one) => ({ ...one, next_at: now.toISOString() }));
  }

  /** Everything is due at once and has all its attempts before it, durably: the webhook is another now. */
  async beginAnew(now: Date): Promise<void> {
    await this.#change((one) => ({ ...one, attempts: 0, next_at: now.toISOString() }));
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

  /** What was never tried is due as it is. */
  async #change(changed: (one: WaitingDelivery) => WaitingDelivery): Promise<void> {
    const tried = [...this.#bySeq.values()].filter(({ attempts }) => attempts > 0);
    await inParallel(tried, WRITTEN_AT_ONCE, (one) => this.put(changed(one)));
  }

  #key(seq: number): string {
    return `${this.#webhook}.${seq}`;
  }
}
