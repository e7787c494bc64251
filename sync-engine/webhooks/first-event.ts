import type { JetStreamManager } from '@nats-io/jetstream';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { readNext } from '#platform/nats/publish.ts';

/** The sequence of the first message of EVENTS that came at that time or later, by halving; undefined where there is none. */
export async function firstEventFrom(manager: JetStreamManager, from: Date): Promise<number | undefined> {
  const next = (seq: number) => readNext(manager, streams.events, subjects.allEvents, seq);
  const { state } = await manager.streams.info(streams.events);
  let low = state.first_seq;
  let high = state.last_seq + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const message = await next(middle);
    if (message === undefined || message.time >= from) high = middle;
    else low = message.seq + 1;
  }
  return (await next(low))?.seq;
}
