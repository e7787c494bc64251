import type { ChildProcess } from 'node:child_process';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CloudEvent } from '#contracts/v1/business-event.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { startChild } from '../support/child.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { orderEvents, subjectOf } from '../support/step-events.ts';

const children: ChildProcess[] = [];
let nats: TestNats;
let nc: NatsConnection;
let manager: JetStreamManager;

beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  manager = await jetstreamManager(nc);
  // So short that no id is known any more after a crash: what keeps events single is their position.
  await manager.streams.update(streams.events, { duplicate_window: nanos(100) });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await nc.close();
  await nats.close();
});

const start = (crash: string): ChildProcess => {
  const child = startChild('events', [nats.url, crash]);
  children.push(child);
  return child;
};
const killedAt = (point: string): Promise<string | null> =>
  new Promise((resolve) => start(point).once('exit', (_, signal) => resolve(signal)));

const placed = Date.parse('2026-10-01T10:00:00.000Z');
const told = new Set(['validate', 'reserve_stock', 'wms_release', 'shipment_confirmed', 'delivered', 'settle']);
const expected: string[] = [];

async function happen(from: number, to: number): Promise<void> {
  const js = jetstream(nc);
  for (let order = from; order < to; order++)
    for (const event of orderEvents(order, placed)) {
      await js.publish(subjectOf(event), JSON.stringify(event), { msgID: event.event_id });
      if (told.has(event.step)) expected.push(event.event_id);
    }
}

async function events(count: number): Promise<string[]> {
  const consumer = await jetstream(nc).consumers.get(streams.events);
  const messages = await consumer.consume();
  const ids: string[] = [];
  for await (const message of messages) {
    ids.push(message.json<CloudEvent>().id);
    if (ids.length >= count && message.info.pending === 0) break;
  }
  messages.stop();
  return ids;
}

test('a process killed before, between and after publishing leaves each event exactly once and in order', async () => {
  await happen(1, 60);
  for (const point of [
    'engine.events.publish.before',
    'engine.events.publish.after',
    'engine.events.publish.after@2',
    'engine.events.position.before',
  ]) {
    expect(await killedAt(point)).toBe('SIGKILL');
    // The next one has something to do.
    await happen(expected.length, expected.length + 60);
  }
  start('');
  expect(await events(expected.length)).toEqual(expected);
}, 90_000);

test('an event that was derived long ago is not derived again where the position alone was lost', async () => {
  for (const child of children) child.kill('SIGKILL');
  await (await jetstreamManager(nc)).streams.purge('KV_POSITIONS');
  start('');
  await happen(5_000, 5_010);
  expect(await events(expected.length)).toEqual(expected);
}, 60_000);

test('a message of a stranger in the stream holds no event up, and none of many is lost behind it', async () => {
  await jetstream(nc).publish('events.order.settled.v1', '{}');
  // As many at once as are published at once.
  const js = jetstream(nc);
  const steps = [6_000, 6_001, 6_002].flatMap((order) => orderEvents(order, placed));
  await Promise.all(
    steps.map((event) => js.publish(subjectOf(event), JSON.stringify(event), { msgID: event.event_id })),
  );
  expected.push(...steps.filter(({ step }) => told.has(step)).map(({ event_id }) => event_id));
  expect((await events(expected.length + 1)).filter((id) => id !== undefined)).toEqual(expected);
});
