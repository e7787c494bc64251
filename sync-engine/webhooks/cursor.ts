import type { JetStreamManager } from '@nats-io/jetstream';
import { z } from 'zod';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Webhook } from '#contracts/v1/webhook.ts';
import { compareAndSwap, getJson, type KV } from '#platform/nats/kv.ts';
import { readLast } from '#platform/nats/publish.ts';
import { firstEventFrom } from './first-event.ts';
import { cursorKey, replayRequest } from './webhook-store.ts';

const place = z.object({
  /** Up to this sequence in EVENTS everything was told, or is on the list of what waits. */
  event_seq: z
    .int()
    // Where nothing had ever happened, engines of before wrote -1.
    .transform((seq) => Math.max(0, seq)),
  /** What is being told again, as far as it is left. */
  replay: replayRequest.optional(),
});
type Place = z.infer<typeof place>;

/** Somebody else serves the webhook now: what we still do must not count. */
export class Superseded extends Error {
  constructor(webhookId: string) {
    super(`the webhook ${webhookId} is served by somebody else`);
    this.name = 'Superseded';
  }
}

/**
 * How far a webhook was served, durable in KV. Whoever serves it claims the cursor before anything else, and only the last
 * one to do so can move it: one that was stopped and wakes late may send once more, but takes nothing off its successor.
 */
export class Cursor {
  readonly #kv: KV;
  readonly #webhookId: string;
  #place: Place;
  #revision: number;

  private constructor(kv: KV, webhookId: string, place: Place, revision: number) {
    this.#kv = kv;
    this.#webhookId = webhookId;
    this.#place = place;
    this.#revision = revision;
  }

  /** A new webhook begins with what happens from its creation on. @throws Superseded where another one claims it too. */
  static async claim(
    kv: KV,
    manager: JetStreamManager,
    { webhook_id: id, created_at }: Pick<Webhook, 'webhook_id' | 'created_at'>,
  ): Promise<Cursor> {
    const stored = await getJson(kv, cursorKey(id), place);
    const begun = stored?.value ?? { event_seq: await endBefore(manager, new Date(created_at)) };
    const cursor = new Cursor(kv, id, begun, stored?.revision ?? 0);
    await cursor.move({});
    return cursor;
  }

  get eventSeq(): number {
    return this.#place.event_seq;
  }

  get replay(): Place['replay'] {
    return this.#place.replay;
  }

  /** Durable once it resolves. @throws Superseded */
  async move(change: { event_seq?: number; replay?: Place['replay'] }): Promise<void> {
    const moved = { ...this.#place, ...change };
    const revision = await compareAndSwap(this.#kv, cursorKey(this.#webhookId), JSON.stringify(moved), this.#revision);
    if (revision === undefined) throw new Superseded(this.#webhookId);
    this.#place = moved;
    this.#revision = revision;
  }
}

/** The last sequence in EVENTS of what came before. */
async function endBefore(manager: JetStreamManager, at: Date): Promise<number> {
  const last = await readLast(manager, streams.events, subjects.allEvents);
  // The first sequence of a stream that never held anything is 0.
  if (last === undefined) return Math.max(0, (await manager.streams.info(streams.events)).state.first_seq - 1);
  if (last.time < at) return last.seq;
  const first = await firstEventFrom(manager, at);
  // The leader has one: a follower that was asked is behind.
  if (first === undefined) throw new Error('the events of a new webhook cannot be read yet');
  return first - 1;
}
