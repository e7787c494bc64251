import { setTimeout as delay } from 'node:timers/promises';
import { DeliverPolicy, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Log } from '#platform/log.ts';
import { readLast, readNext } from '#platform/nats/publish.ts';
import type { Runners } from './flows/runners.ts';
import type { StepRecord } from './flows/transaction-log.ts';
import { OWN_SYSTEM } from './flows/transitions.ts';

const HOUR_MS = 3_600_000;
/** Events are looked at this long before they age out. */
const AHEAD_MS = 48 * HOUR_MS;

export interface CarryForwardOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  runners: Runners;
  /** How long STEPS keeps an event. */
  retentionDays: number;
  now: () => Date;
  log: Log;
}

/**
 * Keeps open transactions alive: whose last event would soon age out gets a new one with the same checkpoint. Without
 * it an order that waits longer than the retention would lose its place. To be run under a lease.
 */
export async function carryForward(signal: AbortSignal, options: CarryForwardOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      const carried = await carryOnce(signal, options);
      if (carried > 0) options.log.info({ carried }, 'open transactions were carried forward');
    } catch (error) {
      options.log.warn({ err: error }, 'open transactions could not be carried forward; trying again in an hour');
    }
    await delay(HOUR_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** One pass over the oldest events. @returns how many transactions were carried forward. */
export async function carryOnce(signal: AbortSignal, options: CarryForwardOptions): Promise<number> {
  const { js, manager, retentionDays, now } = options;
  const before = now().getTime() - retentionDays * 24 * HOUR_MS + AHEAD_MS;
  const first = await readNext(manager, streams.steps, subjects.allSteps, 1);
  if (first === undefined || first.time.getTime() >= before) return 0;
  const end = (await manager.streams.info(streams.steps)).state.last_seq;
  const consumer = await js.consumers.get(streams.steps, { deliver_policy: DeliverPolicy.All });
  const messages = await consumer.consume();
  const seen = new Set<string>();
  let carried = 0;
  try {
    for await (const message of messages) {
      if (signal.aborted || Date.parse(message.timestamp) >= before) break;
      if (!seen.has(message.subject) && (await carry(options, message.subject, before))) carried++;
      seen.add(message.subject);
      if (message.seq >= end) break;
    }
  } finally {
    messages.stop();
  }
  return carried;
}

async function carry(options: CarryForwardOptions, subject: string, before: number): Promise<boolean> {
  const last = await readLast(options.manager, streams.steps, subject);
  if (last === undefined || last.time.getTime() >= before) return false;
  const { flow, key, state: checkpoint } = last.json<StepEvent>();
  const runner = options.runners.get(flow);
  // Steps that no runner wrote (stock's own, other producers') have no checkpoint to lose.
  if (runner === undefined || checkpoint === undefined) return false;
  let carried = false;
  await runner.amend(key, ({ state, now }) => {
    carried = state.phase !== 'finished';
    return carried ? { record: carriedForward(now), state } : 'nothing';
  });
  return carried;
}

function carriedForward(now: Date): StepRecord {
  const at = now.toISOString();
  return {
    step: 'carried_forward',
    status: 'completed',
    attempt: 1,
    system: OWN_SYSTEM,
    direction: 'internal',
    started_at: at,
    ended_at: at,
    attributes: { reason: 'The transaction is still open and its events were about to age out.' },
  };
}
