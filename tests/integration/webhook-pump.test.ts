import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import type { Webhook } from '#contracts/v1/webhook.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { keysOf } from '#platform/nats/list.ts';
import { readLast } from '#platform/nats/publish.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { cloudEventOf } from '#sync-engine/events/cloud-event.ts';
import { Superseded } from '#sync-engine/webhooks/cursor.ts';
import { dispatchWebhooks } from '#sync-engine/webhooks/dispatcher.ts';
import { LiveEvents } from '#sync-engine/webhooks/live-events.ts';
import { type PumpOptions, runPump } from '#sync-engine/webhooks/pump.ts';
import { replayKey } from '#sync-engine/webhooks/replay.ts';
import { defaultSchedule } from '#sync-engine/webhooks/schedule.ts';
import { createSender } from '#sync-engine/webhooks/send.ts';
import { newWebhookSecret, signatureHeaders } from '#sync-engine/webhooks/sign.ts';
import { WebhookStore } from '#sync-engine/webhooks/webhook-store.ts';
import { startNats, type TestNats } from '../support/nats.ts';
import { testEstate } from '../support/simulator.ts';
import { stepEvent } from '../support/step-events.ts';
import { type Received, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let nats: TestNats;
let nc: NatsConnection;
let js: JetStreamClient;
let manager: JetStreamManager;
let store: WebhookStore;
let receiver: WebhookReceiver;

beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  js = jetstream(nc);
  manager = await jetstreamManager(nc);
  store = await WebhookStore.open(nc);
}, 60_000);
beforeEach(async () => {
  receiver = await startWebhookReceiver();
});
afterEach(async () => {
  for (const id of await keysOf(store.webhooks)) await store.remove(id);
});
afterAll(async () => {
  await nc.close();
  await nats.close();
});

const now = () => new Date();
const options = () => ({
  js,
  manager,
  store,
  publisher: publisherOf(nc),
  log: silentLog,
  now,
  schedule: defaultSchedule,
});

/** Runs until it is told to end, with a receiver that is gone by then. */
function run<T>(task: (signal: AbortSignal) => Promise<T>) {
  const controller = new AbortController();
  const done = task(controller.signal);
  const end = async () => {
    await receiver.close();
    controller.abort();
    await done;
  };
  return { done, end };
}

/** What an engine does for one webhook. */
const serve = (webhook: Webhook, replays: PumpOptions['replays'] = new Map()) =>
  run((signal) =>
    runPump(signal, webhook, {
      ...options(),
      replays,
      random: Math.random,
      createSender: () => createSender({ privateHosts: ['127.0.0.1'], simulated: true }, now),
      disable: () => Promise.resolve(),
    }),
  );

/** What an engine does for all of them. */
const serveAll = () =>
  run((signal) => {
    const estate = { simulated: true, policies: { ...testEstate().policies, webhook_private_hosts: ['127.0.0.1'] } };
    return dispatchWebhooks(signal, { ...options(), estate, audit: { record: () => undefined } });
  });

/** Paused by a person: as it stands after that. */
async function pause(webhook: Webhook): Promise<void> {
  const stored = await store.get(webhook.webhook_id);
  await store.put({ ...webhook, version: webhook.version + 1, status: 'paused' }, stored?.revision ?? 0);
}

const consumers = async () => (await manager.streams.info(streams.events)).state.consumer_count;

async function webhookAt(id: string): Promise<Webhook> {
  const at = new Date().toISOString();
  const by = { created_by: 'ada', created_at: at, changed_by: 'ada', changed_at: at };
  const secret_id = await store.keepSecret(id, newWebhookSecret());
  return {
    webhook_id: id,
    version: 1,
    name: id,
    url: `${receiver.url}/${id}`,
    events: ['order.accepted.v1', 'order.settled.v1'],
    status: 'active',
    status_reason: '',
    status_at: at,
    secret_id,
    secret_changed_at: at,
    ...by,
  };
}

/** A business event of an order. @returns its id and its sequence in the stream. */
async function happen(order: number, ordinal: number, step: StepEvent['step']): Promise<{ id: string; seq: number }> {
  const made = cloudEventOf(stepEvent(order, ordinal, { step }));
  if (made === undefined) throw new Error(`nobody is told of ${step}`);
  const { seq } = await js.publish(subjects.event(made.name), JSON.stringify(made.event), { msgID: made.event.id });
  return { id: made.event.id, seq };
}

test('one that was stopped and wakes late takes nothing off its successor, which tells what was left in its order', async () => {
  const webhook = await webhookAt('taken-over');
  const late = serve(webhook);
  const accepted = await happen(1, 1, 'validate');
  const unanswered = await receiver.next();
  expect(unanswered.id).toBe(accepted.id);
  const settled = await happen(1, 2, 'settle');
  const successor = serve(webhook);
  for (const { id } of [accepted, settled]) {
    const message = await receiver.next();
    expect(message.id).toBe(id);
    message.answer(204);
  }
  const superseded = expect(late.done).rejects.toThrow(Superseded);
  unanswered.answer(503);
  await superseded;
  await successor.end();
});

test('a message is signed with the present secret and with each before it that is not retired', async () => {
  const secrets = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()];
  const [current = '', former = '', retired = ''] = secrets;
  const webhook: Webhook = {
    ...(await webhookAt('signed')),
    secret_id: await store.keepSecret('signed', current),
    former_secrets: [
      { secret_id: await store.keepSecret('signed', former), until: new Date(Date.now() + 3_600_000).toISOString() },
      { secret_id: await store.keepSecret('signed', retired), until: new Date().toISOString() },
    ],
  };
  const { end } = serve(webhook);
  await happen(500, 1, 'validate');
  const { id, headers, body } = await receiver.next();
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  expect(headers).toMatchObject(signatureHeaders([current, former], id, at, body));
  await end();
});

test('what happens is told while all of a time is told again', async () => {
  const past: number[] = [];
  for (let order = 1_000; order < 1_400; order++) past.push((await happen(order, 1, 'validate')).seq);
  const webhook = await webhookAt('replayed');
  const asked = { replay_id: randomUUID(), webhook_id: webhook.webhook_id, by: 'ada', left: { events: past } };
  const { end } = serve(webhook, new Map([[replayKey(asked), asked]]));
  const first = await receiver.next();
  const live = await happen(2_000, 1, 'validate');
  first.answer(204);
  let before = 1;
  for (let message = await receiver.next(); message.id !== live.id; message = await receiver.next()) {
    message.answer(204);
    before++;
  }
  expect(before).toBeLessThan(past.length / 2);
  await end();
});

test('an endpoint that does not answer holds up no other of the same host', async () => {
  for (const id of ['slow', 'quick']) await store.put(await webhookAt(id), 0);
  const { end } = serveAll();
  const orders = Array.from({ length: 10 }, (_, i) => 3_000 + i);
  for (const order of orders) await happen(order, 1, 'validate');
  let slow = 0;
  const quick: Received[] = [];
  const take = async () => {
    const message = await receiver.next();
    if (message.path === '/slow') slow++;
    else quick.push(message);
  };
  // As many as one endpoint is told at once.
  while (slow < 8) await take();
  for (let told = 0; told < orders.length; told++) {
    while (quick.length === 0) await take();
    quick.shift()?.answer(204);
  }
  await end();
});

test('while nothing happens, nothing is left behind of looking for it', async () => {
  setFlagsFromString('--expose_gc');
  const gc = runInNewContext('gc') as () => void;
  const { signal } = new AbortController();
  const live = await LiveEvents.open(js, (await manager.streams.info(streams.events)).state.last_seq);
  const look = async () => {
    for (let i = 0; i < 200; i++) await live.take(16, 0, signal);
    for (let i = 0; i < 20_000; i++) await live.take(16, 0, AbortSignal.abort());
    gc();
    return process.memoryUsage().heapUsed;
  };
  const before = await look();
  expect((await look()) - before).toBeLessThan(1_000_000);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  await live.close();
});

test('one that is paused leaves nothing open at the server', async () => {
  const before = await consumers();
  const webhook = await webhookAt('switched-off');
  await store.put(webhook, 0);
  const { end } = serveAll();
  await vi.waitFor(async () => expect(await consumers()).toBe(before + 1), 30_000);
  await pause(webhook);
  await vi.waitFor(async () => expect(await consumers()).toBe(before), 30_000);
  await end();
});

test('what one that is paused has under way is in its log before the engine ends', async () => {
  const webhook = await webhookAt('under-way');
  await store.put(webhook, 0);
  const { end } = serveAll();
  await happen(4_000, 1, 'validate');
  await receiver.next();
  await pause(webhook);
  await end();
  expect(await readLast(manager, streams.deliveries, subjects.delivery('under-way'))).toBeDefined();
});
