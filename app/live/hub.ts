import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { nudge, type Nudge } from '#contracts/v1/live.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { takePulse } from './pulse.ts';

/** `stream` comes with every beat: whether NATS answered a round trip lately. */
export type LiveMessage =
  | { type: 'nudge'; nudge: Nudge }
  | { type: 'stream'; up: boolean }
  /** Somebody came to a case, began to edit it, or left. */
  | { type: 'presence'; caseId: string }
  /** An incident was raised, or something of it changed. */
  | { type: 'incidents'; incidentId: string };

export interface LiveHub {
  /** Hears every message until the returned function is called. */
  listen(listener: (message: LiveMessage) => void): () => void;
  /** Is called with every nudge before any listener hears of it, for as long as the hub is open. */
  beforeNudge(prepare: () => void): void;
  /** Passes something on to every listener. */
  tell(message: LiveMessage): void;
  /** Whether NATS answers, that is: whether silence means that nothing happened. */
  isUp(): boolean;
  /** Whether NATS answers a round trip now, within a second. */
  answers(): Promise<boolean>;
  /** Listeners at this moment. */
  size(): number;
  close(): Promise<void>;
}

/** The process's one subscription on nudges, fanned out to its listeners. */
export function openLiveHub(nc: NatsConnection, log: Log): LiveHub {
  const listeners = new Set<(message: LiveMessage) => void>();
  const tell = (message: LiveMessage) => {
    for (const listener of listeners) listener(message);
  };
  const preparations: (() => void)[] = [];
  const subscription = nc.subscribe(subjects.nudge);
  const announce = (message: LiveMessage) => {
    for (const prepare of preparations) prepare();
    tell(message);
  };
  void pump(subscription, announce, log);
  const pulse = takePulse(nc, (up) => tell({ type: 'stream', up }));
  return {
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    beforeNudge: (prepare) => void preparations.push(prepare),
    tell,
    isUp: () => pulse.isUp(),
    answers: () => pulse.answers(),
    size: () => listeners.size,
    async close() {
      listeners.clear();
      pulse.stop();
      if (!nc.isClosed()) await subscription.drain();
    },
  };
}

async function pump(subscription: Subscription, tell: (message: LiveMessage) => void, log: Log): Promise<void> {
  for await (const message of subscription) {
    const parsed = nudge.safeParse(parseJson(message.string()));
    if (parsed.success) tell({ type: 'nudge', nudge: parsed.data });
    else log.warn({ problems: parsed.error.issues }, 'a nudge is not valid and was passed over');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
