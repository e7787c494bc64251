import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { Cursor } from '#sync-engine/webhooks/cursor.ts';
import { cursorKey, WebhookStore } from '#sync-engine/webhooks/webhook-store.ts';
import { startNats, type TestNats } from '../support/nats.ts';

let nats: TestNats;
let nc: NatsConnection;
let manager: JetStreamManager;
let store: WebhookStore;

// A server of its own: nothing has ever happened here.
beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  manager = await jetstreamManager(nc);
  store = await WebhookStore.open(nc);
}, 60_000);
afterAll(async () => {
  await nc.close();
  await nats.close();
});

const claim = (webhook_id: string) =>
  Cursor.claim(store.positions, manager, { webhook_id, created_at: new Date().toISOString() });

test('a webhook that was claimed before anything happened is served by whoever takes over', async () => {
  expect((await claim('early')).eventSeq).toBe(0);
  expect((await claim('early')).eventSeq).toBe(0);
});

test('so is one for which an engine of before had noted the place before the beginning', async () => {
  await store.positions.put(cursorKey('former'), JSON.stringify({ event_seq: -1 }));
  expect((await claim('former')).eventSeq).toBe(0);
});
