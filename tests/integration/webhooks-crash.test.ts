import type { ChildProcess } from 'node:child_process';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { requestCommand, serveCommands, type CommandHandlers } from '#platform/nats/service.ts';
import type { Simulator } from '#simulator/create-simulator.ts';
import { webhookCommands } from '#sync-engine/commands/webhook-commands.ts';
import { WebhookStore } from '#sync-engine/webhooks/webhook-store.ts';
import { startChild } from '../support/child.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { startSimulator, testEstate } from '../support/simulator.ts';
import { orderEvents, subjectOf } from '../support/step-events.ts';

const children: ChildProcess[] = [];
let nats: TestNats;
let nc: NatsConnection;
let simulator: Simulator;

beforeAll(async () => {
  nats = await startNats();
  simulator = await startSimulator();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  const commands = webhookCommands({
    store: await WebhookStore.open(nc),
    manager: await jetstreamManager(nc),
    estate: testEstate(),
    now: () => new Date(),
  });
  // Only these are asked for here.
  await serveCommands(nc, commands as CommandHandlers, silentLog, { record: () => undefined });
}, 60_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await simulator.close();
  await nc.close();
  await nats.close();
});

const killedAt = (point: string): Promise<string | null> =>
  new Promise((resolve) => start(point).once('exit', (_, signal) => resolve(signal)));
function start(crash: string): ChildProcess {
  const child = startChild('events', [nats.url, crash]);
  children.push(child);
  return child;
}

async function happen(from: number, to: number): Promise<void> {
  const placed = Date.parse('2026-10-01T10:00:00.000Z');
  for (let order = from; order < to; order++)
    for (const event of orderEvents(order, placed))
      await jetstream(nc).publish(subjectOf(event), JSON.stringify(event), { msgID: event.event_id });
}

test('a process killed while it tells, or notes what is to be told again, loses no message', async () => {
  const { subscriber } = simulator;
  const reply = await requestCommand(nc, 'webhook.put', {
    actor: { id: 'ada', roles: ['administrator'] },
    webhook_id: 'killed',
    version: 0,
    name: 'Killed',
    url: `${simulator.url}/subscriber/killed`,
    events: ['order.settled.v1'],
    status: 'active',
  });
  subscriber.trust('killed', [(reply.ok && reply.secret) || '']);
  await happen(1, 11);
  expect(await killedAt('engine.webhook.sent@3')).toBe('SIGKILL');
  subscriber.answer('killed', { status: 503, times: 8 });
  await happen(11, 21);
  expect(await killedAt('engine.webhook.waiting.before@2')).toBe('SIGKILL');
  subscriber.answer('killed', { status: 503, times: 8 });
  expect(await killedAt('engine.webhook.waiting.after@3')).toBe('SIGKILL');
  start('');
  const taken = await subscriber.until('killed', 20);
  expect(new Set(taken.map(({ id }) => id)).size).toBe(20);
}, 90_000);
