import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { TimeoutError } from '@nats-io/nats-core';
import { Documents } from '#sync-engine/documents.ts';
import { replayed } from '#sync-engine/flows/replay.ts';
import { transitions } from '#sync-engine/flows/transitions.ts';
import { CallWorker } from '#sync-engine/work/call-worker.ts';
import { signalOf } from '../support/flow-view.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { smallEstate, type SmallEngine, type SmallStep, startSmallEngine } from '../support/small-engine.ts';

/** What is defective just now: the flow of these tests asks before each of its parts. */
const broken = new Map<string, Error>();
const sound = (part: string): void => {
  const error = broken.get(part);
  if (error !== undefined) throw error;
};
const step = (name: string, next: string, parts: Partial<SmallStep> = {}): SmallStep =>
  ({ kind: 'inline', name, next: () => next, run: () => ({ status: 'completed' }), ...parts }) as SmallStep;
const post: SmallStep = {
  kind: 'call',
  name: 'post',
  next: () => 'end',
  call: {
    verb: 'create_sales_order',
    system: () => (sound('system'), 'netsuite'),
    skip: () => (sound('skip'), undefined),
    input: () => Promise.resolve().then(() => sound('input')),
    done: () => ({ status: 'completed' }),
  },
  undo: {
    verb: 'cancel_sales_order',
    system: () => (sound('undo system'), 'netsuite'),
    skip: () => (sound('undo skip'), 'nothing to undo'),
    input: () => Promise.resolve(),
    done: () => ({ status: 'completed' }),
  },
};
const steps = [
  step('reserve', 'post', { undo: () => Promise.resolve().then(() => (sound('undo'), { status: 'completed' })) }),
  post,
  step('end', 'end', { run: () => ({ status: 'completed', finish: true }) }),
];

let nats: TestNats;
let engine: SmallEngine;
let nextKey = 0;
beforeAll(async () => {
  nats = await startNats();
  engine = await startSmallEngine(nats.url, steps);
});
afterAll(async () => {
  await engine.close();
  await nats.close();
});
beforeEach(() => broken.clear());

const newKey = () => `shop==${++nextKey}`;
const defect = new Error('cannot read properties of undefined');
const names = async (key: string) => (await engine.events(key)).map((event) => `${event.step} ${event.status}`);

function workerOf(): CallWorker {
  const system = smallEstate.systems.find(({ id }) => id === 'netsuite');
  if (system === undefined) throw new Error('the estate has no netsuite');
  return new CallWorker({
    system,
    connector: {
      transport: { send: () => Promise.reject(new Error('nothing may be sent')), close: () => Promise.resolve() },
      services: {},
    },
    gate: () => Promise.reject(new Error('nothing may be sent')),
    documents: new Documents(engine.publisher, engine.js, engine.manager),
    log: engine.log,
    runner: () => engine.runner,
    now: () => new Date(),
    random: () => 0,
  });
}
const work = (key: string) => ({ flow: 'order_to_cash' as const, key });

async function replay(key: string): Promise<void> {
  const { case_id } = await engine.stoppedBy(key);
  const current = await engine.cases.get(case_id);
  if (current !== undefined)
    await engine.cases.change(current, { type: 'replay_requested', actor: 'sam', patch: { status: 'replaying' } });
  await engine.runner.amend(key, (view) => replayed(view, { case_id, revision: 2, by: 'sam', payload_version: 1 }));
  await engine.runner.drive(key);
}

test.each(['system', 'skip'])(
  'a call step whose `%s` has a defect is a case, and goes on once it is mended',
  async (part) => {
    const key = newKey();
    broken.set(part, defect);
    await engine.begin(key);
    const stop = await engine.stoppedBy(key);
    expect(stop).toMatchObject({ step: 'post', status: 'open', problems: [{ error_class: 'internal' }] });
    expect(stop.problems[0]?.message).toContain(defect.message);

    broken.clear();
    await replay(key);
    expect(engine.queued.at(-1)).toEqual({ system: 'netsuite', work: work(key) });
  },
);

test.each(['system', 'input'])('a defect in the `%s` of a call that is on its queue is a case', async (part) => {
  const key = newKey();
  await engine.begin(key);
  broken.set(part, defect);
  expect(await workerOf().perform(work(key))).toBe('done');
  expect(await engine.stoppedBy(key)).toMatchObject({ step: 'post', system: 'netsuite' });
  expect(await names(key)).not.toContain('post started');
});

test('a dead attempt whose step has a defect now is a case, and its effect stays in doubt', async () => {
  const key = newKey();
  await engine.begin(key);
  await engine.runner.amend(key, (view) => {
    const long = { ...view, now: new Date(Date.now() - 3_600_000) };
    return transitions.started(long, 'post', 'netsuite', 'dead', 'c'.repeat(16), {});
  });
  broken.set('input', defect);
  await workerOf().perform(work(key));
  await engine.stoppedBy(key);
  expect((await engine.events(key)).at(-1)?.state).toMatchObject({ may_exist: true });
});

test('an outage is no defect: the work is tried again, and nobody is bothered', async () => {
  const key = newKey();
  broken.set('skip', new TimeoutError());
  await expect(engine.begin(key)).rejects.toThrow(TimeoutError);
  await expect(engine.stoppedBy(key)).rejects.toThrow('nothing stops');
  broken.clear();
  await engine.begin(key);
  broken.set('input', new TimeoutError());
  await expect(workerOf().perform(work(key))).rejects.toThrow(TimeoutError);
  await expect(engine.stoppedBy(key)).rejects.toThrow('nothing stops');
});

test.each(['undo', 'undo skip', 'undo system'])(
  'a compensation whose %s has a defect is a case, and is undone once it is mended',
  async (part) => {
    const key = newKey();
    await engine.begin(key, { effects: ['post'] });
    broken.set(part, defect);
    await engine.runner.signal(key, signalOf('cancel'));
    expect(await engine.stoppedBy(key)).toMatchObject({ step: part === 'undo' ? 'reserve' : 'post' });

    broken.clear();
    await replay(key);
    const events = await engine.events(key);
    expect(events.at(-1)).toMatchObject({ step: 'cancelled', status: 'completed' });
    const resolved = events.find(({ status }) => status === 'quarantined')?.case_id ?? '';
    expect((await engine.cases.get(resolved))?.state.status).toBe('resolved');
  },
);
