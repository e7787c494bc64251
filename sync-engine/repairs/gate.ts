import type { BreakerState, ConnectorState } from '#contracts/v1/connector-state.ts';
import type { Estate } from '#contracts/v1/estate.ts';

export interface GateOptions {
  estate: Pick<Estate, 'systems' | 'sla'>;
  /** What was last heard of a connector. */
  connector: (id: string) => ConnectorState | undefined;
  /** Why nobody is to replay the cases of a cause for now, if so. */
  onHold: (fingerprint: string) => string | undefined;
  now: () => Date;
}

const WORDS: Record<Exclude<BreakerState, 'closed'>, string> = {
  open: 'does not answer',
  half_open: 'is being probed after an outage',
  paused: 'is paused',
  draining: 'is being drained',
  maintenance: 'is in maintenance',
};

/** Live work may have waited for at most this share of the tightest promise. */
const LIVE_SHARE = 0.1;

/**
 * Why the next replays should wait, if they should: the cause is on hold, a system on their way is not well, or live
 * traffic there waits too long already.
 */
export function reasonToWait(
  { estate, connector, onHold, now }: GateOptions,
  run: { fingerprint: string; systems: Iterable<string> },
): string | undefined {
  const held = onHold(run.fingerprint);
  if (held !== undefined) return `The cause is on hold: ${held}`;
  const patienceMs = LIVE_SHARE * tightestPromise(estate.sla) * 1000;
  for (const id of run.systems) {
    const state = connector(id);
    const name = estate.systems.find((system) => system.id === id)?.name ?? id;
    if (state === undefined) continue;
    if (state.state !== 'closed') return `${name} ${WORDS[state.state]}.`;
    const waitedMs = state.live_oldest_at ? now().getTime() - Date.parse(state.live_oldest_at) : 0;
    if (waitedMs > patienceMs)
      return `Live orders have waited ${Math.round(waitedMs / 1000)} s for ${name}; they come first.`;
  }
  return undefined;
}

const tightestPromise = (sla: Estate['sla']): number =>
  Math.min(...Object.values(sla).flatMap((targets) => [targets.acknowledge_s, targets.erp_s]));
