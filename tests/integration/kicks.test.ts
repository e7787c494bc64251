import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buckets } from '#contracts/v1/subjects.ts';
import { createLeases, type Leases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { startFlowQueue } from '#sync-engine/work/flow-queue.ts';
import { Kicks } from '#sync-engine/work/kicks.ts';
import { startChild } from '../support/child.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { type SmallEngine, startSmallEngine } from '../support/small-engine.ts';

let nats: TestNats;
let engine: SmallEngine;
let leases: Leases;
let queue: { stop(): Promise<void> };
let onFinished = (_key: string): void => {};

beforeAll(async () => {
  nats = await startNats();
  engine = await startSmallEngine(nats.url, [
    {
      kind: 'inline',
      name: 'end',
      next: () => 'end',
      run: ({ key }) => {
        onFinished(key);
        return { status: 'completed', finish: true };
      },
      undo: ({ key }) => {
        onFinished(key);
        return Promise.resolve({ status: 'completed' });
      },
    },
  ]);
  const { nc, js, manager, publisher } = engine;
  const waiting = await openBucket(nc, buckets.waiting);
  const now = () => new Date();
  leases = await createLeases(nc, { owner: 'survivor', ttlMs: 600 });
  const kicks = new Kicks({ publisher, waiting, log: silentLog, now });
  leases.hold('kicks', (signal) => kicks.run(signal));
  const runners = new Map([['order_to_cash' as const, engine.runner]]);
  queue = await startFlowQueue({ js, manager, runners, log: silentLog, ackWaitMs: 2_000 });
}, 30_000);
afterAll(async () => {
  await queue.stop();
  await leases.close();
  await engine.close();
  await nats.close();
});

/** Lets another replica carry out a command. @returns how it ended. */
async function elsewhere(command: 'release' | 'cancel', key: string, crash: string): Promise<unknown> {
  const child = startChild('commands', [nats.url, command, key, crash]);
  const [code, signal] = (await once(child, 'exit')) as unknown[];
  return signal ?? code;
}
const driven = (key: string) =>
  new Promise<void>((resolve) => (onFinished = (finished) => finished === key && resolve()));
const heldOrder = (key: string) => engine.begin(key, { held: { by: 'ann', reason: 'a look' }, effects: ['end'] });

test.each([
  ['release', 'engine.step.after', 'end completed'],
  ['release', 'engine.enqueue.before', 'end completed'],
  ['cancel', 'engine.step.after', 'end compensated'],
])('a %s whose replica dies at %s is carried on by another, without being repeated', async (command, point, last) => {
  const key = `shop==${command}-${point.replaceAll('.', '-')}`;
  await heldOrder(key);
  const going = driven(key);
  expect(await elsewhere(command as 'release' | 'cancel', key, point)).toBe('SIGKILL');
  await going;
  await expect
    .poll(async () => (await engine.events(key)).map(({ step, status }) => `${step} ${status}`))
    .toContain(last);
});

test('a release whose replica dies before it was recorded leaves the order on hold, and can be repeated', async () => {
  const key = 'shop==unrecorded';
  await heldOrder(key);
  expect(await elsewhere('release', key, 'engine.step.before')).toBe('SIGKILL');
  const going = driven(key);
  expect(await elsewhere('release', key, '')).toBe(0);
  await going;
});
