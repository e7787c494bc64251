import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/nats-core';

/** How often NATS is asked whether it is there. */
export const beatMs = 2_000;
/** An answer older than this says nothing any more: whatever was published since may not have come. */
const silentAfterMs = 5_000;
const answerWithinMs = 1_000;

export interface Pulse {
  /** Whether NATS has answered lately, that is: whether silence means that nothing happened. */
  isUp(): boolean;
  /** Whether NATS answers a round trip now, within a second. */
  answers(): Promise<boolean>;
  stop(): void;
}

/**
 * Takes the pulse of a connection by round trips of its own: a server that hangs keeps its connections open, and the
 * client's own pings notice only after half a minute.
 * @param tell called with every beat, and at once where the answer changes.
 */
export function takePulse(nc: NatsConnection, tell: (up: boolean) => void): Pulse {
  let answeredAt = performance.now();
  let up = true;
  const change = (next: boolean) => {
    if (up === next) return;
    up = next;
    tell(up);
  };
  // Whoever asks while a round trip is under way shares it: strangers may ask, and a server that hangs answers nobody.
  let asking: Promise<boolean> | undefined;
  const ask = (): Promise<boolean> =>
    (asking ??= nc
      .flush()
      .then(
        () => {
          answeredAt = performance.now();
          change(true);
          return true;
        },
        // A connection that broke off is told of by its status.
        () => false,
      )
      .finally(() => (asking = undefined)));
  const beat = () => {
    // After the sockets were read: a process that was busy for seconds must not take its own silence for that of NATS.
    setImmediate(() => {
      if (performance.now() - answeredAt > silentAfterMs) change(false);
      tell(up);
    });
    void ask();
  };
  const timer = setInterval(beat, beatMs);
  void follow(nc, { lost: () => change(false), restored: () => void ask() });
  void ask();
  const late = () => delay(answerWithinMs, false, { ref: false });
  return { isUp: () => up, answers: () => Promise.race([ask(), late()]), stop: () => clearInterval(timer) };
}

async function follow(nc: NatsConnection, heard: { lost: () => void; restored: () => void }): Promise<void> {
  for await (const status of nc.status()) {
    if (status.type === 'disconnect') heard.lost();
    if (status.type === 'reconnect') heard.restored();
  }
}
