import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import { flow } from '#contracts/v1/step-event.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import { type KV, openBucket } from '#platform/nats/kv.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import type { Runners } from './flows/runners.ts';
import { OWN_SYSTEM } from './flows/transitions.ts';

const alarm = z.object({ flow, key: z.string(), name: z.string(), at: instant });
export type Alarm = z.infer<typeof alarm>;

const LOOK_AGAIN_MS = 1_000;
/** Type of the signal that a transaction gets; its data say which alarm it is. */
export const ALARM = 'alarm';

/** Moments at which a transaction wants to be told that they have come, however long that takes. Durable in KV. */
export class Alarms {
  readonly #kv: KV;
  readonly #now: () => Date;
  readonly #items = new Map<string, Alarm & { revision: number }>();

  private constructor(kv: KV, now: () => Date) {
    this.#kv = kv;
    this.#now = now;
  }

  static async open(nc: NatsConnection, now: () => Date): Promise<Alarms> {
    return new Alarms(await openBucket(nc, buckets.alarms), now);
  }

  /** Durable once this resolves. Setting it again moves it; one that has rung for the same time is forgiven by its signal's id. */
  async set(one: Alarm): Promise<void> {
    crashPoint('engine.alarm.before');
    await this.#kv.put(`${one.flow}.${one.key}.${one.name}`, JSON.stringify(one));
    crashPoint('engine.alarm.after');
  }

  /** Rings what is due until the signal aborts. To be run under a lease. */
  async run(signal: AbortSignal, runners: Runners, log: Log): Promise<void> {
    const watch = await watchBucket(this.#kv, (entry) => {
      if (entry.operation === 'PUT')
        this.#items.set(entry.key, { ...alarm.parse(entry.json()), revision: entry.revision });
      else this.#items.delete(entry.key);
    });
    while (!signal.aborted) {
      const now = this.#now().getTime();
      for (const [id, item] of this.#items)
        if (Date.parse(item.at) <= now)
          await this.#ring(id, item, runners).catch((error: unknown) =>
            log.warn({ err: error, key: item.key, alarm: item.name }, 'an alarm could not be rung; trying again'),
          );
      await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
    watch.stop();
    this.#items.clear();
  }

  async #ring(
    id: string,
    { flow: name, key, at, name: alarmName, revision }: Alarm & { revision: number },
    runners: Runners,
  ): Promise<void> {
    const answer = await runners.get(name)?.signal(key, {
      id: `${ALARM}:${alarmName}:${at}`,
      type: ALARM,
      system: OWN_SYSTEM,
      at,
      intake_seq: 0,
      data: { name: alarmName },
    });
    // While a decision about the transaction is under way it is asked again.
    if (answer === 'later') return;
    crashPoint('engine.rung.before');
    // Moved meanwhile, it stays.
    await this.#kv.delete(id, { previousSeq: revision });
    crashPoint('engine.rung.after');
    if (this.#items.get(id)?.revision === revision) this.#items.delete(id);
  }
}
