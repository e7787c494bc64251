import type { JetStreamManager } from '@nats-io/jetstream';
import { cloudEvent, nameOfType } from '#contracts/v1/business-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Webhook } from '#contracts/v1/webhook.ts';
import { readAt, readNext } from '#platform/nats/publish.ts';
import type { Cursor } from './cursor.ts';
import type { WaitingDeliveries } from './waiting-deliveries.ts';
import type { ReplayRequest, WebhookStore } from './webhook-store.ts';

/** What is asked to be told again, by its key in KV. */
export type ReplayQueue = Map<string, ReplayRequest>;

interface ReplayOptions {
  manager: JetStreamManager;
  store: WebhookStore;
  replays: ReplayQueue;
  now: () => Date;
}

/** Taken of a replay at a time: it goes through the list of what waits, and live events go between. */
const TURN = 50;

/** Key in KV of a request to tell again. */
export const replayKey = ({ webhook_id, replay_id }: ReplayRequest): string => `${webhook_id}.${replay_id}`;

/**
 * Puts the next part of what is to be told again onto the list of what waits.
 * @returns whether there was any.
 */
export async function takeReplayed(
  webhook: Webhook,
  waiting: WaitingDeliveries,
  cursor: Cursor,
  { manager, store, replays, now }: ReplayOptions,
): Promise<boolean> {
  const asked = cursor.replay ?? [...replays.values()].find(({ webhook_id }) => webhook_id === webhook.webhook_id);
  if (asked === undefined) return false;
  // From here on it is the cursor that says what is left, so that only who serves the webhook can end it.
  if (cursor.replay === undefined) await cursor.move({ replay: asked });
  const { events, left } = await turnOf(asked.left, manager);
  for (const message of events) {
    const event = cloudEvent.safeParse(message.json());
    const name = event.success ? nameOfType(event.data.type) : undefined;
    if (!event.success || name === undefined || waiting.has(message.seq)) continue;
    // An event asked for by itself is told whatever the subscription says; of a range only what it is for.
    if ('to' in asked.left && !webhook.events.includes(name)) continue;
    await waiting.put({
      event_seq: message.seq,
      cloud_event_id: event.data.id,
      event: name,
      subject: event.data.subject,
      attempts: 0,
      next_at: now().toISOString(),
      replayed: true,
    });
  }
  if (left === undefined) {
    await store.replays.delete(replayKey(asked));
    replays.delete(replayKey(asked));
  }
  await cursor.move({ replay: left === undefined ? undefined : { ...asked, left } });
  return true;
}

async function turnOf(left: ReplayRequest['left'], manager: JetStreamManager) {
  const events: { seq: number; json(): unknown }[] = [];
  if ('events' in left) {
    for (const seq of left.events.slice(0, TURN)) {
      const message = await readAt(manager, streams.events, seq);
      if (message !== undefined) events.push(message);
    }
    const rest = left.events.slice(TURN);
    return { events, left: rest.length === 0 ? undefined : { events: rest } };
  }
  const to = Date.parse(left.to);
  let seq = left.next_seq;
  while (events.length < TURN) {
    const message = await readNext(manager, streams.events, subjects.allEvents, seq);
    if (message === undefined || message.time.getTime() > to) return { events, left: undefined };
    events.push(message);
    seq = message.seq + 1;
  }
  return { events, left: { next_seq: seq, to: left.to } };
}
