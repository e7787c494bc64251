import type { NatsConnection } from '@nats-io/nats-core';
import type { Nudge } from '#contracts/v1/live.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import type { Block } from './block.ts';

export interface Nudger {
  landed(topic: 'steps' | 'cases' | undefined, block: Block): void;
  /** Sends what is left. */
  close(): void;
}

const maxKeys = 200;

/** Announces what was landed on `live.nudge`, at most once in `everyMs` and at once after a pause. */
export function createNudger(nc: NatsConnection, everyMs = 500, now: () => number = Date.now): Nudger {
  const topics = new Set<Nudge['topics'][number]>();
  const flows = new Set<string>();
  const keys = new Set<string>();
  let more = false;
  let streamSeq = 0;
  let sentAt = 0;
  let timer: NodeJS.Timeout | undefined;

  function send(): void {
    timer = undefined;
    if (topics.size === 0 || nc.isClosed()) return;
    sentAt = now();
    const nudge: Nudge = {
      at: new Date(sentAt).toISOString(),
      stream_seq: streamSeq,
      topics: [...topics],
      flows: [...flows],
      keys: [...keys],
      more,
    };
    topics.clear();
    flows.clear();
    keys.clear();
    more = false;
    nc.publish(subjects.nudge, JSON.stringify(nudge));
  }

  return {
    landed(topic, block) {
      if (topic !== undefined) topics.add(topic);
      if (block.rejected.length > 0) topics.add('rejected');
      if (topic === 'steps') streamSeq = Math.max(streamSeq, block.last);
      for (const flow of block.flows) flows.add(flow);
      for (const key of block.keys) {
        if (keys.size < maxKeys) keys.add(key);
        else if (!keys.has(key)) more = true;
      }
      timer ??= setTimeout(send, Math.max(0, sentAt + everyMs - now()));
    },
    close() {
      clearTimeout(timer);
      send();
    },
  };
}
