import type { JetStreamManager } from '@nats-io/jetstream';
import { streams } from '#contracts/v1/subjects.ts';

/** How long NATS keeps what arrived and what was made of it, in milliseconds; 0 for ever. */
export interface PayloadRetention {
  received: number;
  corrected: number;
}

const known = new WeakMap<JetStreamManager, Promise<PayloadRetention>>();

/** The streams' own settings, asked once by each process. */
export function payloadRetention(jsm: JetStreamManager): Promise<PayloadRetention> {
  const before = known.get(jsm);
  if (before !== undefined) return before;
  const keptFor = async (stream: string) => Number((await jsm.streams.info(stream)).config.max_age) / 1_000_000;
  const asked = Promise.all([keptFor(streams.intake), keptFor(streams.payloads)]).then(([received, corrected]) => ({
    received,
    corrected,
  }));
  known.set(jsm, asked);
  asked.catch(() => known.delete(jsm));
  return asked;
}

/** Until when something stored at an instant is kept; empty for ever. */
export const keptUntil = (at: string, keptForMs: number): string =>
  keptForMs === 0 ? '' : new Date(Date.parse(at) + keptForMs).toISOString();
