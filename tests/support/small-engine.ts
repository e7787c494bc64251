import { randomBytes } from 'node:crypto';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { CaseState } from '#contracts/v1/case.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { type Publisher, publisherOf } from '#platform/nats/publisher.ts';
import { readSubject } from '#platform/nats/read-subject.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { createCaseDesk } from '#sync-engine/cases/case-desk.ts';
import { CaseStore } from '#sync-engine/cases/case-store.ts';
import type { CaseDesk } from '#sync-engine/flows/case-desk.ts';
import type { Flow, Step } from '#sync-engine/flows/flow.ts';
import { Runner, type Work } from '#sync-engine/flows/runner.ts';
import type { FlowState } from '#sync-engine/flows/state.ts';
import { TransactionLog } from '#sync-engine/flows/transaction-log.ts';
import { orderState } from './flow-view.ts';
import { testEstate } from './simulator.ts';

type Plain = Record<string, unknown>;
export type SmallStep = Step<Plain, object>;

/** One replica that runs a flow of a test's own over real NATS, without connectors, stock or intake. */
export interface SmallEngine {
  nc: NatsConnection;
  js: JetStreamClient;
  manager: JetStreamManager;
  publisher: Publisher;
  log: TransactionLog;
  runner: Runner<Plain, object>;
  cases: CaseStore;
  desk: CaseDesk;
  /** Work that the flow has put onto connectors' queues. */
  queued: { system: string; work: Work }[];
  begin(key: string, state?: Partial<FlowState<Plain>>): Promise<void>;
  events(key: string): Promise<StepEvent[]>;
  /** The case that stops a transaction. @throws where nothing does. */
  stoppedBy(key: string): Promise<CaseState>;
  close(): Promise<void>;
}

export const smallEstate = testEstate();

/** @param steps the first is where transactions begin. */
export async function startSmallEngine(
  url: string,
  steps: readonly SmallStep[],
  now = () => new Date(),
  estate = () => smallEstate,
): Promise<SmallEngine> {
  const nc = await connectNats({ url, name: 'small-engine', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  const js = jetstream(nc);
  const manager = await jetstreamManager(nc);
  const publisher = publisherOf(nc);
  const nonce = randomBytes(6).toString('hex');
  const log = new TransactionLog({ publisher, manager, nonce });
  const cases = new CaseStore(publisher, manager, nonce, now);
  const desk = createCaseDesk(cases, now);
  const queued: SmallEngine['queued'] = [];
  const flow: Flow<Plain, object> = {
    name: 'order_to_cash',
    steps: new Map(steps.map((step) => [step.name, step])),
    deadline: () => '',
    interrupt: ({ state }) => {
      const signal = state.inbox.find(({ type }) => type === 'cancel');
      return signal && { signal, accept: true, reason: 'asked for' };
    },
    cancelled: 'cancelled',
    env: {},
  };
  const runner = new Runner({
    flow,
    log,
    estate,
    cases: desk,
    passOver: () => Promise.resolve({}),
    enqueue: (system, _slaClass, work) => Promise.resolve(void queued.push({ system, work })),
    now,
  });
  const events = async (key: string) =>
    (await readSubject(js, manager, streams.steps, subjects.step(flow.name, key))).map((message) =>
      message.json<StepEvent>(),
    );
  return {
    nc,
    js,
    manager,
    publisher,
    log,
    runner,
    cases,
    desk,
    queued,
    events,
    begin: (key, state = {}) => {
      const at = now().toISOString();
      const first = { step: 'intake_received', status: 'completed', attempt: 1, system: 'syncline' } as const;
      return runner.start(
        key,
        { ...orderState(), effects: [], step: steps[0]?.name ?? '', data: {}, ...state },
        { ...first, direction: 'inbound', started_at: at, ended_at: at },
      );
    },
    stoppedBy: async (key) => {
      const id = (await log.reload(flow.name, key))?.state.blocked_by;
      const stored = id === undefined ? undefined : await cases.get(id);
      if (stored === undefined) throw new Error(`nothing stops ${key}`);
      return stored.state;
    },
    close: () => nc.close(),
  };
}
