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
  readonly #waiting = new Map<string, { revision: number; due: string; timer: NodeJS.Timeout }>();
  /** Until it is opened it is another replica's, whose timers see what is added here. */
  #closed = true;
  #stopWatching = () => {};

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
    return this.#waiting.size;
  }

  /** When the next of them is due; empty where nothing waits. */
  get nextDue(): string {
    let next = '';
    for (const { due } of this.#waiting.values()) if (next === '' || due < next) next = due;
    return next;
  }

  /** Takes up what is there and what is still added: a former owner may put work aside after it lost the lease. */
  async open(): Promise<void> {
    this.#closed = false;
    const entries = await this.#kv.watch({ key: `${this.#queue}.>` });
    this.#stopWatching = () => entries.stop();
    const follow = async () => {
      for await (const entry of entries) {
        if (entry.operation === 'PUT') this.#schedule(entry.key, entry.json<Waiting>(), entry.revision);
        else this.#forget(entry.key, entry.revision);
      }
    };
    follow().catch(this.#onError);
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
    this.#closed = true;
    this.#stopWatching();
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #schedule(
    key: string,
    item: Waiting,
    revision: number,
    delayMs = Math.max(0, Date.parse(item.due) - Date.now()),
  ): void {
    const known = this.#waiting.get(key);
    if (this.#closed || (known !== undefined && known.revision > revision)) return;
    clearTimeout(known?.timer);
    const timer = setTimeout(() => {
      this.#fire(key, item, revision).catch((error: unknown) => {
        this.#onError(error);
        if (this.#waiting.get(key)?.revision === revision) this.#schedule(key, item, revision, 1_000);
      });
    }, delayMs);
    this.#waiting.set(key, { revision, due: item.due, timer });
  }

  #forget(key: string, revision: number): void {
    const known = this.#waiting.get(key);
    if (known === undefined || known.revision > revision) return;
    clearTimeout(known.timer);
    this.#waiting.delete(key);
  }

  async #fire(key: string, item: Waiting, revision: number): Promise<void> {
    crashPoint('engine.due.before');
    await this.#release(item, `${item.work.key}:due:${revision}`);
    crashPoint('engine.due.after');
    await this.#kv.delete(key, { previousSeq: revision }).catch(() => undefined);
    if (this.#waiting.get(key)?.revision === revision) this.#waiting.delete(key);
  }
}
