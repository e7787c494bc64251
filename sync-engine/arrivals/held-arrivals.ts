import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import type { JetStreamManager } from '@nats-io/jetstream';
import { streams } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { KV } from '#platform/nats/kv.ts';
import type { Log } from '#platform/log.ts';
import { readAt } from '#platform/nats/publish.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import { isOutage } from '../outage.ts';
import type { Arrival } from './arrival.ts';
import { arrivalOf } from './arrival-of.ts';

const held = z.object({
  intake_seq: z.int().positive(),
  due: instant,
  /** How often it was held again when it was due. */
  again: z.int().nonnegative().default(0),
});
type Held = z.infer<typeof held>;

const LOOK_AGAIN_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const CONCURRENCY = 16;
/** What has been held again so often is offered for the last time when it is next due, if that is what it asked for. */
const AGAIN = 3;

interface Takes {
  /** @param last it has been held several times as long as policy allows. */
  offer(arrival: Arrival, overdue: boolean, last: boolean): Promise<'settled' | 'early'>;
  /** An arrival that failed this often inside the engine is set aside. */
  maxFailures: number;
  poison(arrival: Arrival): Promise<void>;
}

interface Waiting extends Held {
  /** When it is offered next, in milliseconds. */
  next: number;
  /** How often it failed since it is held here; an outage is no failure of it. */
  failures: number;
}

/**
 * Until an arrival that has been held for `heldMs` is offered again, in milliseconds. An eighth of that, so that what is there
 * soon is taken up at once, and a mass that waits for what does not come leaves time for the others.
 */
export const pauseAfter = (heldMs: number): number => Math.min(Math.max(heldMs / 8, LOOK_AGAIN_MS), LONGEST_PAUSE_MS);

/**
 * Arrivals that came before what they belong to (a cancellation before its order): kept durably, offered again and again,
 * ever less often, and finally handed over as overdue. The time counts from when they are first looked at: what lay in a backlog
 * before that lay there together with what it waits for.
 */
export class HeldArrivals {
  readonly #kv: KV;
  readonly #manager: JetStreamManager;
  readonly #holdMs: number;
  readonly #log: Log;
  readonly #now: () => Date;
  readonly #items = new Map<string, Waiting>();

  constructor(kv: KV, manager: JetStreamManager, holdMs: number, log: Log, now: () => Date = () => new Date()) {
    this.#kv = kv;
    this.#manager = manager;
    this.#holdMs = holdMs;
    this.#log = log;
    this.#now = now;
  }

  /** Durable once this resolves. Repeating it keeps the first due time. */
  async hold(arrival: Arrival): Promise<void> {
    const key = String(arrival.seq);
    if ((await this.#kv.get(key))?.operation === 'PUT') return;
    crashPoint('engine.held.before');
    await this.#hold(key, arrival.seq);
    crashPoint('engine.held.after');
  }

  /** Offers what is held again and again until the signal aborts. To be run under a lease. */
  async run(signal: AbortSignal, takes: Takes): Promise<void> {
    const watch = await watchBucket(this.#kv, (entry) => {
      if (entry.operation === 'PUT') this.#items.set(entry.key, { ...held.parse(entry.json()), next: 0, failures: 0 });
      else this.#items.delete(entry.key);
    });
    while (!signal.aborted) {
      await this.#offerAll(takes);
      await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
    watch.stop();
    this.#items.clear();
  }

  /** Some at once, so that thousands that wait for the same thing do not take minutes. */
  async #offerAll(takes: Takes): Promise<void> {
    const items = this.#items.entries();
    const worker = async () => {
      for (const [key, item] of items) if (item.next <= this.#now().getTime()) await this.#offer(key, item, takes);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }

  async #hold(key: string, seq: number, again = 0): Promise<void> {
    const due = new Date(this.#now().getTime() + this.#holdMs).toISOString();
    await this.#kv.put(key, JSON.stringify({ intake_seq: seq, due, again } satisfies Held));
  }

  async #offer(key: string, item: Waiting, takes: Takes) {
    try {
      const message = await readAt(this.#manager, streams.intake, item.intake_seq);
      if (message !== undefined) {
        const arrival = arrivalOf(message);
        const due = Date.parse(item.due);
        const at = this.#now().getTime();
        const overdue = due <= at;
        if ((await this.#take(arrival, overdue, item, takes)) === 'early') {
          if (overdue) await this.#hold(key, item.intake_seq, item.again + 1);
          else item.next = Math.min(at + pauseAfter(at - (due - this.#holdMs)), due);
          return;
        }
      }
      crashPoint('engine.unheld.before');
      await this.#kv.delete(key);
      crashPoint('engine.unheld.after');
      this.#items.delete(key);
    } catch (error) {
      this.#log.warn({ err: error, intake_seq: item.intake_seq }, 'a held arrival could not be offered; trying again');
    }
  }

  /** @throws what its handling throws, until that makes it a case. */
  async #take(arrival: Arrival, overdue: boolean, item: Waiting, takes: Takes): Promise<'settled' | 'early'> {
    try {
      return await takes.offer(arrival, overdue, overdue && item.again >= AGAIN);
    } catch (error) {
      if (isOutage(error) || ++item.failures < takes.maxFailures) throw error;
      this.#log.error({ err: error, intake_seq: arrival.seq, failures: item.failures }, 'a held arrival is set aside');
      await takes.poison(arrival);
      return 'settled';
    }
  }
}
