import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import { silentLog } from '#platform/log.ts';
import { resolveAbandoned } from '#sync-engine/cases/abandoned.ts';
import { type CaseIndex, followCases } from '#sync-engine/cases/case-index.ts';
import { defectProblem } from '#sync-engine/outage.ts';
import { sweepCases } from '#sync-engine/sweeper.ts';
import { held, released } from '#sync-engine/flows/decisions.ts';
import { replayed } from '#sync-engine/flows/replay.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { type SmallEngine, type SmallStep, startSmallEngine } from '../support/small-engine.ts';

let broken = false;
const step = (name: string, next: string): SmallStep => ({
  kind: 'inline',
  name,
  next: () => next,
  run: () => {
    if (broken) throw new Error('defect');
    return { status: 'completed' };
  },
});
const wait: SmallStep = {
  kind: 'wait',
  waitsFor: 'It waits for ever.',
  name: 'wait',
  next: () => 'wait',
  accepts: () => [],
  apply: () => ({ status: 'completed' }),
};

let nats: TestNats;
let engine: SmallEngine;
let index: CaseIndex;
const sweeping = new AbortController();
let sweeper: Promise<void>;
beforeAll(async () => {
  nats = await startNats();
  engine = await startSmallEngine(nats.url, [step('validate', 'reserve'), step('reserve', 'wait'), wait]);
  index = await followCases(engine.js, engine.manager, silentLog);
  sweeper = sweepCases(sweeping.signal, {
    index,
    apply: () => Promise.resolve(),
    resolveAbandoned: (id) => resolveAbandoned(id, { cases: engine.cases, log: engine.log, now: () => new Date() }),
    now: () => new Date(),
    log: silentLog,
    everyMs: 50,
    graceMs: 0,
  });
});
afterAll(async () => {
  sweeping.abort();
  await sweeper;
  index.stop();
  await engine.close();
  await nats.close();
});

const at = { held: { by: 'ann', reason: 'a look' } };
const caseOf = async (id: string): Promise<CaseState | undefined> => (await engine.cases.get(id))?.state;
const statusOf = async (id: string) => (await caseOf(id))?.status;
const headOf = async (key: string) => {
  const head = await engine.log.reload<Record<string, unknown>>('order_to_cash', key);
  if (head === undefined) throw new Error(`no transaction ${key}`);
  return head;
};
/** A replica opens a case for the present step of a transaction and dies before it can say so there. */
const leaveBehind = async (key: string, stepName = 'validate'): Promise<string> =>
  engine.desk.open('order_to_cash', await headOf(key), { step: stepName, system: 'syncline' }, [
    defectProblem(new Error('of a replica that died')),
  ]);
const goOn = async (key: string): Promise<void> => {
  await engine.runner.amend(key, (view) => released(view, 'ann', 'looked'));
  await engine.runner.drive(key);
};

test('a case left behind by a replica that died is resolved once another got past its step', async () => {
  const key = 'shop==past';
  await engine.begin(key, at);
  const id = await leaveBehind(key);
  await goOn(key);
  await expect.poll(() => statusOf(id)).toBe('resolved');
});

test('a case left behind stays open as long as its step may yet stop with it', async () => {
  const key = 'shop==undecided';
  await engine.begin(key, at);
  const id = await leaveBehind(key);
  // Something else was recorded meanwhile; the step is still to be tried.
  await engine.runner.amend(key, (view) => held(view, 'ben', 'another look'));
  const other = 'shop==swept-after';
  await engine.begin(other, at);
  const second = await leaveBehind(other);
  await goOn(other);
  await expect.poll(() => statusOf(second)).toBe('resolved');
  expect(await statusOf(id)).toBe('open');

  broken = true;
  await goOn(key);
  broken = false;
  expect(await engine.stoppedBy(key)).toMatchObject({ case_id: id, status: 'open', times_failed: 2 });
});

test('a transaction is never stopped by a case that is closed', async () => {
  const key = 'shop==closed';
  await engine.begin(key, at);
  const id = await leaveBehind(key);
  await engine.desk.resolve({ case_id: id, outcome: 'thought to be nothing', status: 'resolved' });
  broken = true;
  await goOn(key);
  broken = false;
  const stop = await engine.stoppedBy(key);
  expect(stop).toMatchObject({ case_id: id, status: 'open', closed_at: '', outcome: '' });
  expect(stop.problems[0]?.message).toContain('defect');

  const current = await engine.cases.get(id);
  if (current !== undefined)
    await engine.cases.change(current, { type: 'replay_requested', actor: 'sam', patch: { status: 'replaying' } });
  await engine.runner.amend(key, (view) => replayed(view, { case_id: id, revision: 9, by: 'sam', payload_version: 1 }));
  await engine.runner.drive(key);
  expect(await statusOf(id)).toBe('resolved');
});

test('a case that stops its transaction is left alone', async () => {
  const key = 'shop==stopped';
  broken = true;
  await engine.begin(key);
  broken = false;
  const stop = await engine.stoppedBy(key);
  const other = 'shop==swept-last';
  await engine.begin(other, at);
  const second = await leaveBehind(other);
  await goOn(other);
  await expect.poll(() => statusOf(second)).toBe('resolved');
  expect(await caseOf(stop.case_id)).toEqual(stop);
});
