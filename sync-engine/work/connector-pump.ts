import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerMessages, JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { ConnectorState } from '#contracts/v1/connector-state.ts';
import type { System } from '#contracts/v1/estate.ts';
import { type SlaClass, slaClasses, streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { KV } from '#platform/nats/kv.ts';
import { readNext, readNextOfLeader } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Log } from '#platform/log.ts';
import type { Work } from '../flows/runner.ts';
import { type CallWorker, MARGIN_MS } from './call-worker.ts';
import type { ConnectorGate } from './gate.ts';
import { consumerName, enqueueWork } from './queues.ts';
import { Slots } from './slots.ts';
import { WaitingList } from './waiting-list.ts';

export interface PumpOptions {
  system: System;
  worker: CallWorker;
  gate: ConnectorGate;
  js: JetStreamClient;
  publisher: Publisher;
  manager: JetStreamManager;
  waiting: KV;
  states: KV;
  log: Log;
  now: () => Date;
  /** Told once everything that a person's drain is to send has been sent. */
  onDrained: (drainedTo: number) => Promise<void>;
  /** Told of the connector's state as it is seen, once a second. */
  onState?: (state: Omit<ConnectorState, 'updated_at'>) => void;
}

/** A message that failed inside the engine comes back after this; its attempt is not counted against the system. */
const INTERNAL_RETRY_MS = 2_000;
/** What is not to be sent any more while a connector drains comes again after this: by then it is paused, or resumed. */
const AFTER_DRAIN_MS = 5_000;
/** The console takes a connector for silent after a minute without a word. */
const SAY_AGAIN_MS = 20_000;

/**
 * Pulls one connector's queues while its lease lasts: urgent first, no more at once than the system bears, nothing
 * while its breaker is open or a maintenance window runs. A degradable system is pulled even then, so that flows go on
 * without it; whichever a person has paused is not, and what is meant for it waits.
 */
export class ConnectorPump {
  readonly #options: PumpOptions;
  readonly #slots: Slots;
  readonly #list: WaitingList;
  readonly #underWay = new Set<Promise<void>>();
  #stopping = false;
  #wake = () => {};

  constructor(options: PumpOptions) {
    const { system, gate, publisher, waiting, log } = options;
    this.#options = options;
    this.#slots = new Slots(() => {
      // Who waits for a place when we stop gets one at once, to hand its message back.
      if (this.#stopping) return Infinity;
      return gate.state() === 'closed' || system.degradable ? system.limits.concurrency : 1;
    });
    this.#list = new WaitingList(
      waiting,
      system.id,
      (item, id) => enqueueWork(publisher, system.id, item.sla_class, item.work, id),
      (error) => log.warn({ err: error, connector: system.id }, 'could not release waiting work; trying again'),
    );
    gate.onChange(() => {
      this.#slots.admit();
      this.#wake();
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#stopping = false;
    await this.#list.open();
    const ended = new AbortController();
    const reporting = this.#report(AbortSignal.any([signal, ended.signal]));
    try {
      while (!signal.aborted) {
        const pause = this.#pausedUntil();
        if (this.#isHeld()) await this.#resumed(signal);
        else if (pause === undefined) await this.#pull(signal);
        else await this.#rest(signal, pause.getTime() - this.#options.now().getTime());
      }
    } finally {
      // Closed first: what must still wait is only written down, for the next owner.
      this.#list.close();
      await this.#finish();
      ended.abort();
      await reporting;
    }
  }

  /** Lets the calls under way come to their end. None takes longer than the system's timeout, unless NATS is away. */
  async #finish(): Promise<void> {
    const { system, log } = this.#options;
    const patience = new AbortController();
    const limit = delay(system.limits.timeout_s * 1000 + MARGIN_MS, undefined, { signal: patience.signal });
    await Promise.race([Promise.allSettled(this.#underWay), limit.catch(() => undefined)]);
    patience.abort();
    if (this.#underWay.size > 0)
      log.warn({ connector: system.id, calls: this.#underWay.size }, 'stopped before every call had come to its end');
  }

  /** Does what is meant for it wait for a person? What is passed over need not: nothing is sent. */
  #isHeld(): boolean {
    const { gate } = this.#options;
    return gate.paused() && !gate.observed();
  }

  #pausedUntil(): Date | undefined {
    const { system, gate, now } = this.#options;
    if (system.degradable) return undefined;
    const maintenance = gate.maintenanceUntil();
    if (maintenance !== undefined) return maintenance;
    if (gate.state() !== 'open') return undefined;
    return new Date(now().getTime() + system.limits.breaker_open_s * 1000);
  }

  /** Resolves once nobody holds the connector back any more, or the lease ends. */
  async #resumed(signal: AbortSignal): Promise<void> {
    let look = () => {};
    await new Promise<void>((resolve) => {
      look = () => {
        if (signal.aborted || !this.#isHeld()) resolve();
      };
      this.#wake = look;
      signal.addEventListener('abort', look);
      look();
    });
    signal.removeEventListener('abort', look);
    this.#wake = () => {};
  }

  async #rest(signal: AbortSignal, ms: number): Promise<void> {
    const { gate } = this.#options;
    const cut = new AbortController();
    // A window that somebody cancels ends at once.
    this.#wake = () => {
      if (this.#isHeld() || this.#pausedUntil() === undefined) cut.abort();
    };
    const rested = AbortSignal.any([signal, cut.signal]);
    await delay(Math.min(Math.max(ms, 100), 60_000), undefined, { signal: rested }).catch(() => undefined);
    this.#wake = () => {};
    // The breaker lets one call through once its time is over; that call decides.
    if (!signal.aborted && !this.#isHeld() && gate.maintenanceUntil() === undefined) await this.#pull(signal);
  }

  /** Pulls until the lease ends or there is a reason to pause. */
  async #pull(signal: AbortSignal): Promise<void> {
    const { js, system, gate } = this.#options;
    const sources: ConsumerMessages[] = [];
    const stop = new AbortController();
    const stopAll = () => {
      stop.abort();
      for (const source of sources) source.stop();
    };
    this.#wake = () => {
      if (this.#isHeld() || this.#pausedUntil() !== undefined) stopAll();
    };
    const stopForGood = () => {
      this.#stopping = true;
      stopAll();
      this.#slots.admit();
    };
    signal.addEventListener('abort', stopForGood, { once: true });
    const watch = setInterval(() => this.#wake(), 1_000);
    const pulling = Promise.all(
      slaClasses.map(async (slaClass, rank) => {
        const consumer = await js.consumers.get(streams.work, consumerName(system.id, slaClass));
        const messages = await consumer.consume({ max_messages: Math.max(2, system.limits.concurrency) });
        sources.push(messages);
        if (stop.signal.aborted || signal.aborted) messages.stop();
        for await (const message of messages) {
          await this.#slots.acquire(rank);
          const sendsTo = (gate.observed() ? undefined : gate.drainTo()) ?? Infinity;
          if (stop.signal.aborted || message.seq > sendsTo) {
            this.#slots.release();
            message.nak(stop.signal.aborted ? undefined : AFTER_DRAIN_MS);
          } else {
            const task = this.#handle(message, slaClass).finally(() => {
              this.#slots.release();
              this.#underWay.delete(task);
            });
            this.#underWay.add(task);
          }
        }
      }),
    );
    await pulling.finally(() => {
      stopAll();
      clearInterval(watch);
      signal.removeEventListener('abort', stopForGood);
      this.#wake = () => {};
    });
  }

  async #handle(message: JsMsg, slaClass: SlaClass): Promise<void> {
    const { worker, log, system } = this.#options;
    try {
      const work = message.json<Work>();
      const performed = await worker.perform(work);
      if (performed !== 'done') await this.#list.add({ due: performed.later.toISOString(), sla_class: slaClass, work });
      crashPoint('engine.ack.before');
      message.ack();
      crashPoint('engine.ack.after');
    } catch (error) {
      log.error(
        { err: error, connector: system.id, deliveries: message.info.deliveryCount },
        'work failed inside the engine',
      );
      message.nak(INTERNAL_RETRY_MS);
    }
  }

  async #report(signal: AbortSignal): Promise<void> {
    let last = '';
    let saidAt = 0;
    while (!signal.aborted) {
      try {
        const state = await this.#state();
        this.#options.onState?.(state);
        const text = JSON.stringify(state);
        const now = this.#options.now();
        // What has not changed is said again, or silence would look like an engine that is gone.
        if (text !== last || now.getTime() - saidAt >= SAY_AGAIN_MS) {
          crashPoint('engine.report.before');
          await this.#options.states.put(state.id, JSON.stringify({ ...state, updated_at: now.toISOString() }));
          crashPoint('engine.report.after');
          saidAt = now.getTime();
        }
        last = text;
      } catch (error) {
        this.#options.log.warn({ err: error, connector: this.#options.system.id }, 'could not report the connector');
      }
      await delay(1_000, undefined, { signal }).catch(() => undefined);
    }
  }

  async #state(): Promise<Omit<ConnectorState, 'updated_at'>> {
    const { system, gate, manager } = this.#options;
    const infos = await Promise.all(
      slaClasses.map((slaClass) => manager.consumers.info(streams.work, consumerName(system.id, slaClass))),
    );
    const sum = (pick: (info: (typeof infos)[number]) => number) =>
      infos.reduce((total, info) => total + pick(info), 0);
    // What came after a pull was ended has been pulled too, and waits to be sent again.
    const pulled = sum((info) => info.num_ack_pending);
    const { first, ...oldest } = await this.#oldest();
    const drainTo = gate.drainTo();
    if (drainTo !== undefined && first > drainTo) await this.#options.onDrained(drainTo);
    const in_flight = Math.min(pulled, this.#underWay.size);
    return {
      id: system.id,
      state: this.#standing(),
      pending: sum((info) => info.num_pending) + pulled - in_flight,
      in_flight,
      waiting: this.#list.size,
      next_due_at: this.#list.nextDue,
      ...oldest,
      rate_per_s: gate.callsPerSecond(),
    };
  }

  #standing(): ConnectorState['state'] {
    const { gate } = this.#options;
    if (gate.paused()) return 'paused';
    if (gate.maintenanceUntil() !== undefined) return 'maintenance';
    return gate.drainTo() === undefined || gate.state() !== 'closed' ? gate.state() : 'draining';
  }

  /**
   * When the oldest messages that nobody has finished were put onto the queues: of all, and of live traffic; and the sequence
   * of the first of all, Infinity where there is none.
   */
  async #oldest(): Promise<Pick<ConnectorState, 'oldest_at' | 'live_oldest_at'> & { first: number }> {
    const { manager, system, gate } = this.#options;
    // A copy may not have the latest yet, and a drain would seem done.
    const read = gate.drainTo() === undefined ? readNext : readNextOfLeader;
    const enqueued = async (slaClass: SlaClass) => {
      const first = await read(manager, streams.work, subjects.work(system.id, slaClass), 1);
      return first === undefined ? [] : [{ at: first.time.toISOString(), seq: first.seq }];
    };
    const [urgent, standard, bulk] = await Promise.all([enqueued('urgent'), enqueued('standard'), enqueued('bulk')]);
    const live = [...urgent, ...standard];
    const all = [...live, ...bulk];
    return {
      oldest_at: all.map(({ at }) => at).sort()[0] ?? '',
      live_oldest_at: live.map(({ at }) => at).sort()[0] ?? '',
      first: Math.min(...all.map(({ seq }) => seq)),
    };
  }
}
