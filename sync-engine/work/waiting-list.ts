import type { KV } from '#platform/nats/kv.ts';
import type { SlaClass } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Work } from '../flows/runner.ts';

export interface Waiting {
  due: string;
  sla_class: SlaClass;
  work: Work;
}

/**
 * Work of one queue that must not be tried again before its time: durable in KV, so that nothing fills the consumer
 * meanwhile. Owned by the replica that holds the queue's lease.
 */
export class WaitingList {
  readonly #kv: KV;
  readonly #queue: string;
  readonly #release: (item: Waiting, id: string) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param release puts the item back onto its queue. */
  constructor(
    kv: KV,
    queue: string,
    release: (item: Waiting, id: string) => Promise<void>,
    onError: (error: unknown) => void,
  ) {
    this.#kv = kv;
    this.#queue = queue;
    this.#release = release;
    this.#onError = onError;
  }

  get size(): number {
    return this.#timers.size;
  }

  /** Takes up what a former owner left. */
  async load(): Promise<void> {
    for await (const key of await this.#kv.keys(`${this.#queue}.>`)) {
      const entry = await this.#kv.get(key);
      if (entry?.operation === 'PUT') this.#schedule(key, entry.json<Waiting>(), entry.revision);
    }
  }

  /** Durable once this resolves: then the message that brought the work may be acknowledged. */
  async add(item: Waiting): Promise<void> {
    const key = `${this.#queue}.${item.work.key}`;
    crashPoint('engine.waiting.before');
    const revision = await this.#kv.put(key, JSON.stringify(item));
    crashPoint('engine.waiting.after');
    this.#schedule(key, item, revision);
  }

  /** Stops the timers; the list itself stays for the next owner. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule(
    key: string,
    item: Waiting,
    revision: number,
    delayMs = Math.max(0, Date.parse(item.due) - Date.now()),
  ): void {
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#fire(key, item, revision).catch((error: unknown) => {
        this.#onError(error);
        this.#schedule(key, item, revision, 1_000);
      });
    }, delayMs);
    this.#timers.set(key, timer);
  }

  async #fire(key: string, item: Waiting, revision: number): Promise<void> {
    await this.#release(item, `${item.work.key}:due:${revision}`);
    await this.#kv.delete(key, { previousSeq: revision }).catch(() => undefined);
    this.#timers.delete(key);
  }
}
