import { jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { z } from 'zod';
import { isOutsideWriter } from '#contracts/v1/outside-writer.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import { publishFenced, readLast } from '#platform/nats/publish.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import type { Outcome } from '#sync-engine/stock/cycle.ts';
import { itemKey } from '#sync-engine/stock/state.ts';
import { type StepContext, toStepEvent } from './steps.ts';

/** Outcomes published side by side: more in flight is slower. */
const WINDOW = 200;
/** How often the position is stored, in ms: what a crash makes the successor check again. */
const POSITION_EVERY_MS = 1_000;

/** An orderly stop that takes longer leaves the rest to the successor. */
const STOP_WITHIN_MS = 5_000;

export interface ProjectorOptions extends StepContext {
  nc: NatsConnection;
  log: Log;
  /** Journal position already projected. */
  from: number;
  savePosition: (n: number) => Promise<void>;
}

/** Publishes the steps of one partition's journal, each exactly once, in the order of the journal. */
export interface Projector {
  add(n: number, outcomes: Outcome[]): void;
  /** Resolves when all steps up to entry `n` are in STEPS; rejects when the projector stops before. */
  upTo(n: number): Promise<void>;
  /** Publishes what it has and stores its position. With `abandon` it stops at once: the successor goes on. */
  stop(abandon: boolean): Promise<void>;
}

interface Head {
  cycle: number;
  ordinal: number;
  seq: number;
}
const publishedEvent = z.object({ ordinal: z.int(), writer: z.string() });

/** How far a cycle's own steps have come. Whatever another system told of it stands before all of them. */
function ordinalOf(last: StoredMsg): number {
  const { ordinal, writer } = publishedEvent.parse(last.json());
  return isOutsideWriter(writer) ? 0 : ordinal;
}

export async function startProjector(options: ProjectorOptions): Promise<Projector> {
  const { nc, log, partition } = options;
  const publisher = publisherOf(nc);
  const manager = await jetstreamManager(nc);
  const queue: { n: number; outcomes: Outcome[] }[] = [];
  const heads = new Map<string, Head>();
  let waiting: { n: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  let done = options.from;
  let saved = options.from;
  let savedAt = 0;
  let stopping = false;
  let abandoned = false;
  let wake: () => void = () => undefined;

  /** Sequence of the cycle's last event as its subject has it, with the event's ordinal. */
  async function readHead(subject: string, cycle: number): Promise<Head> {
    const last = await readLast(manager, streams.steps, subject);
    return last ? { cycle, ordinal: ordinalOf(last), seq: last.seq } : { cycle, ordinal: 0, seq: 0 };
  }

  async function publishOutcome(outcome: Outcome): Promise<void> {
    const event = toStepEvent(outcome, options);
    const subject = subjects.step(event.flow, event.key);
    const item = itemKey(outcome.sku, outcome.location);
    const known = heads.get(item);
    let head: Head | undefined = known?.cycle === outcome.cycle ? known : undefined;
    head ??= outcome.ordinal === 1 ? { cycle: outcome.cycle, ordinal: 0, seq: 0 } : undefined;
    for (;;) {
      head ??= await readHead(subject, outcome.cycle);
      if (head.ordinal >= outcome.ordinal) break;
      const result = await publishFenced(publisher, manager, {
        stream: streams.steps,
        subject,
        data: JSON.stringify(event),
        msgId: event.event_id,
        expectedSeq: head.seq,
        isMine: (last) => ordinalOf(last) >= outcome.ordinal,
      });
      head = result.won ? { cycle: outcome.cycle, ordinal: outcome.ordinal, seq: result.seq } : undefined;
    }
    if (outcome.closes) heads.delete(item);
    else heads.set(item, head);
  }

  async function persist(outcome: Outcome): Promise<void> {
    for (let pauseMs = 100; !abandoned; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      try {
        return await publishOutcome(outcome);
      } catch (error) {
        if (nc.isClosed()) throw error;
        log.warn({ err: error, partition }, 'could not publish a stock step; trying again');
        heads.delete(itemKey(outcome.sku, outcome.location));
        await new Promise((resume) => setTimeout(resume, pauseMs));
      }
    }
  }

  async function publishSome(): Promise<void> {
    const items = new Map<string, Outcome[]>();
    let count = 0;
    let n = done;
    while (count < WINDOW) {
      const entry = queue.shift();
      if (!entry) break;
      n = entry.n;
      for (const outcome of entry.outcomes) {
        count++;
        const item = itemKey(outcome.sku, outcome.location);
        const before = items.get(item);
        if (before) before.push(outcome);
        else items.set(item, [outcome]);
      }
    }
    crashPoint('stock.steps.before');
    await Promise.all(
      Array.from(items.values(), async (outcomes) => {
        for (const outcome of outcomes) await persist(outcome);
      }),
    );
    if (abandoned) return;
    crashPoint('stock.steps.after');
    done = n;
    for (const waiter of waiting) if (waiter.n <= done) waiter.resolve();
    waiting = waiting.filter((waiter) => waiter.n > done);
  }

  async function save(): Promise<void> {
    if (saved === done) return;
    const n = done;
    savedAt = performance.now();
    await options.savePosition(n);
    saved = n;
  }

  /** Until something comes, or until the position is due to be stored. */
  async function idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = saved === done ? undefined : setTimeout(resolve, POSITION_EVERY_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = (async () => {
    while (!abandoned && (queue.length > 0 || !stopping)) {
      if (queue.length > 0) await publishSome();
      else await idle();
      if (performance.now() - savedAt > POSITION_EVERY_MS)
        await save().catch((error: unknown) => log.warn({ err: error, partition }, 'could not store a position'));
    }
  })();
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure = error;
    for (const waiter of waiting.splice(0)) waiter.reject(error);
  };
  running.catch((error: unknown) => {
    log.error({ err: error, partition }, 'stock steps stopped');
    fail(new Error('the projector failed', { cause: error }));
  });

  return {
    add: (n, outcomes) => {
      if (n <= options.from) return;
      queue.push({ n, outcomes });
      wake();
    },
    upTo: async (n) => {
      if (n <= done) return;
      if (failure) throw failure;
      await new Promise<void>((resolve, reject) => waiting.push({ n, resolve, reject }));
    },
    stop: async (abandon) => {
      stopping = true;
      abandoned = abandon;
      wake();
      const giveUp = setTimeout(() => {
        abandoned = true;
        wake();
      }, STOP_WITHIN_MS);
      await running.catch(() => undefined);
      clearTimeout(giveUp);
      if (!abandoned && !nc.isClosed()) await save();
      fail(new Error('the projector stopped'));
    },
  };
}
