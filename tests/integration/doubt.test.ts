import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Estate } from '#contracts/v1/estate.ts';
import { Documents } from '#sync-engine/documents.ts';
import { ConnectorError, type ConnectorErrorDetail } from '#sync-engine/connectors/connector.ts';
import type { Services } from '#sync-engine/connectors/services.ts';
import { replayed } from '#sync-engine/flows/replay.ts';
import { CallWorker } from '#sync-engine/work/call-worker.ts';
import { signalOf } from '../support/flow-view.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { smallEstate, type SmallEngine, type SmallStep, startSmallEngine } from '../support/small-engine.ts';

const inline = (name: string, next: SmallStep['next']): SmallStep => ({
  kind: 'inline',
  name,
  next,
  run: () => ({ status: 'completed' }),
});
const steps: SmallStep[] = [
  inline('canonicalise', () => 'validate'),
  inline('validate', ({ state }) => state.resume_at ?? 'post'),
  {
    kind: 'call',
    name: 'post',
    next: () => 'close',
    call: {
      verb: 'create_sales_order',
      system: () => 'netsuite',
      input: () => Promise.resolve(),
      done: () => ({ status: 'completed', finish: true }),
    },
    undo: {
      verb: 'cancel_sales_order',
      system: () => 'netsuite',
      input: () => Promise.resolve(),
      done: () => ({ status: 'completed' }),
    },
  },
  { ...inline('close', () => 'close'), run: () => ({ status: 'completed', finish: true }) } as SmallStep,
];

let nats: TestNats;
let engine: SmallEngine;
let nextKey = 0;
/** What the outside system did, how it answers the next call, and how far every clock is ahead. */
const calm = {
  effects: 0,
  lookUps: 0,
  clockMs: 0,
  observed: false,
  answer: (): void => undefined,
  whileCalled: () => Promise.resolve(),
};
const outside = { ...calm };
const now = () => new Date(Date.now() + outside.clockMs);
const standing = (): Estate => ({
  ...smallEstate,
  systems: smallEstate.systems.map((one) =>
    one.id === 'netsuite' && outside.observed ? { ...one, mode: 'observe' } : one,
  ),
});
beforeAll(async () => {
  nats = await startNats();
  engine = await startSmallEngine(nats.url, steps, now, standing);
});
afterAll(async () => {
  await engine.close();
  await nats.close();
});
beforeEach(() => {
  Object.assign(outside, calm);
});

const newKey = () => `shop==${++nextKey}`;
const work = (key: string) => ({ flow: 'order_to_cash' as const, key });
const headOf = (key: string) => engine.log.reload('order_to_cash', key);
const failure = (detail: Partial<ConnectorErrorDetail>) => () => {
  throw new ConnectorError({
    errorClass: 'rejected',
    code: 'NO',
    message: 'no',
    retryable: false,
    mayHaveHappened: false,
    ...detail,
  });
};
const lostAnswer = failure({ errorClass: 'timeout', mayHaveHappened: true });
const refusal = failure({});

function workerOf(maxAttempts = 1, paused = () => false): CallWorker {
  const system = smallEstate.systems.find(({ id }) => id === 'netsuite');
  if (system === undefined) throw new Error('the estate has no netsuite');
  const verb = {
    name: 'create_sales_order',
    prepare: () => ({ method: 'POST', path: '/', headers: {}, body: '' }),
    read: () => ({}),
    find: () => Promise.resolve(++outside.lookUps > 0 && outside.effects > 0 ? {} : undefined),
  };
  return new CallWorker({
    system: { ...system, retry: { ...system.retry, max_attempts: maxAttempts } },
    connector: {
      transport: {
        send: async () => {
          await outside.whileCalled();
          outside.effects++;
          outside.answer();
          return { status: 200, headers: {}, body: '' };
        },
        close: () => Promise.resolve(),
      },
      services: { create_sales_order: verb } as unknown as Services,
    },
    gate: (call) => call(),
    paused,
    documents: new Documents(engine.publisher, engine.js, engine.manager),
    log: engine.log,
    runner: () => engine.runner,
    now,
    random: () => 0,
  });
}

async function replay(key: string): Promise<void> {
  const { case_id } = await engine.stoppedBy(key);
  const request = {
    case_id,
    revision: 2,
    by: 'sam',
    payload_version: 1,
    rebuild: ['canonicalise', 'validate'] as const,
  };
  await engine.runner.amend(key, (view) => replayed(view, { ...request, rebuild: [...request.rebuild] }));
}

describe('a call whose answer was lost', () => {
  test('is looked up after a replay, by way of the steps that rebuild the order', async () => {
    const key = newKey();
    outside.answer = lostAnswer;
    await engine.begin(key);
    await workerOf().perform(work(key));
    await replay(key);
    await engine.runner.drive(key);
    expect((await headOf(key))?.state).toMatchObject({ step: 'post', may_exist: true });

    outside.answer = () => undefined;
    await workerOf().perform(work(key));
    expect((await headOf(key))?.state.phase).toBe('finished');
    expect(outside).toMatchObject({ effects: 1, lookUps: 1 });
  });

  test('is undone where the order is cancelled on the way back to it', async () => {
    const key = newKey();
    outside.answer = lostAnswer;
    await engine.begin(key);
    await workerOf().perform(work(key));
    await replay(key);
    await engine.runner.signal(key, signalOf('cancel'));
    expect((await headOf(key))?.state).toMatchObject({ phase: 'compensating', effects: ['post'] });
    expect(engine.queued.at(-1)).toEqual({ system: 'netsuite', work: work(key) });
  });
});

describe('a call whose answer was lost before its system became only observed', () => {
  async function lost(): Promise<string> {
    const key = newKey();
    outside.answer = failure({ errorClass: 'timeout', retryable: true, mayHaveHappened: true });
    await engine.begin(key);
    expect(await workerOf(2).perform(work(key))).toEqual({ later: expect.any(Date) as Date });
    outside.observed = true;
    engine.queued.length = 0;
    await engine.runner.resume(key);
    expect(engine.queued).toEqual([{ system: 'netsuite', work: work(key) }]);
    return key;
  }

  test('is looked up, and what it did stands', async () => {
    const key = await lost();
    expect(await workerOf(2).perform(work(key))).toBe('done');
    expect((await engine.events(key)).at(-1)).toMatchObject({ step: 'post', status: 'completed' });
    expect(outside).toMatchObject({ effects: 1, lookUps: 1 });
  });

  test('is passed over where it did nothing', async () => {
    const key = await lost();
    outside.effects = 0;
    expect(await workerOf(2).perform(work(key))).toBe('done');
    const posted = (await engine.events(key)).filter(({ step }) => step === 'post');
    expect(posted.at(-1)).toMatchObject({ status: 'skipped', system: 'netsuite' });
    expect(outside).toMatchObject({ effects: 0, lookUps: 1 });
  });

  test('is looked up only once nobody pauses the system any more', async () => {
    const key = await lost();
    expect(await workerOf(2, () => true).perform(work(key))).toEqual({ later: expect.any(Date) as Date });
    expect(outside.lookUps).toBe(0);
  });
});

/** The first replica stood still for so long that the second took its call over, and wakes up while that one calls. */
describe('a replica whose call another one took over does not let the work go, since that one may die yet', () => {
  test.each([
    ['succeeded', () => undefined],
    ['lost its answer', lostAnswer],
    ['was refused', refusal],
  ])('where its own call %s', async (_name, answer) => {
    const key = newKey();
    const call = () => {
      const line = new EventEmitter();
      return { begun: once(line, 'begun'), ended: once(line, 'ended'), say: (what: string) => line.emit(what) };
    };
    const [late, present] = [call(), call()];
    const calls = [late, present];
    outside.whileCalled = async () => {
      const mine = calls.shift();
      mine?.say('begun');
      await mine?.ended;
    };
    await engine.begin(key);
    const woken = workerOf(2).perform(work(key));
    await late.begun;
    outside.clockMs = 3_600_000;
    const successor = workerOf(2).perform(work(key));
    await present.begun;

    outside.answer = answer;
    late.say('ended');
    expect(await woken).toEqual({ later: expect.any(Date) as Date });
    outside.answer = () => undefined;
    present.say('ended');
    expect(await successor).toBe('done');
    expect(await workerOf(2).perform(work(key))).toBe('done');
    expect((await headOf(key))?.state.phase).toBe('finished');
  });
});

test('a final refusal that meets another event of the order stops it with its case', async () => {
  const key = newKey();
  outside.answer = refusal;
  outside.whileCalled = async () => {
    await engine.runner.amend(key, ({ state, now }) => ({
      record: {
        step: 'channel_update_received',
        status: 'superseded',
        attempt: 1,
        system: 'shopify-us',
        direction: 'inbound',
        started_at: now.toISOString(),
        ended_at: now.toISOString(),
      },
      state: { ...state, signals: [...state.signals, 'update:9'] },
    }));
  };
  await engine.begin(key);
  await workerOf().perform(work(key));
  const head = await headOf(key);
  expect(head?.state.running).toBeUndefined();
  expect(head?.state.signals).toEqual(['update:9']);
  expect(await engine.stoppedBy(key)).toMatchObject({ step: 'post', status: 'open' });
});
