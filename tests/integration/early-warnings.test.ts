import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { system as systemContract } from '#contracts/v1/estate.ts';
import { buckets, subjects } from '#contracts/v1/subjects.ts';
import { warningSheet } from '#contracts/v1/warning.ts';
import { followConnectorSwitches, type ConnectorSwitches } from '#platform/connector-switches.ts';
import { createLeases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import type { Evaluator } from '#sync-engine/warnings/evaluator.ts';
import { silentFeeds } from '#sync-engine/warnings/silent-feeds.ts';
import { WarningBook } from '#sync-engine/warnings/warning-book.ts';
import { watchWarnings } from '#sync-engine/warnings/watch-warnings.ts';
import { startNats, type TestNats } from '../support/nats.ts';

const systems = ['shop', 'erp'].map((id) =>
  systemContract.parse({ id, name: id, role: 'channel', kind: 'shopify', base_url: 'http://127.0.0.1' }),
);
let nats: TestNats;
let nc: NatsConnection;
let switches: ConnectorSwitches;
let sheets: KV;

beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  switches = await followConnectorSwitches(nc, silentLog);
  sheets = await openBucket(nc, buckets.warnings);
}, 60_000);
afterAll(async () => {
  switches.stop();
  await nc.close();
  await nats.close();
});

const sheet = async () => (await getJson(sheets, 'feed_silent', warningSheet))?.value;

describe('a feed of orders', () => {
  let at = Date.parse('2026-03-02T10:00:00.000Z');
  let book: WarningBook;
  let evaluator: Evaluator;
  beforeAll(async () => {
    const now = () => new Date(at);
    book = new WarningBook(sheets, now);
    evaluator = silentFeeds({
      manager: await jetstreamManager(nc),
      systems,
      kinds: { of: () => ({}) },
      switches,
      paces: await openBucket(nc, buckets.feedPaces),
      now,
    });
  });
  const minutes = async (count: number, brings: boolean) => {
    for (let n = 0; n < count; n += 1) {
      at += 60_000;
      if (brings) await jetstream(nc).publish(subjects.intake('order', 'shop', 'orders-create'), '{}');
      await book.evaluate(evaluator);
    }
    return sheet();
  };

  test('is said to be not known yet at first, warned of once it is silent, and no more once it brings something', async () => {
    expect(await minutes(5, true)).toMatchObject({
      warnings: [],
      unknown: [{ id: 'order.shop', system: 'shop', subject: 'shop: orders' }],
    });
    expect(await minutes(70, true)).toMatchObject({ warnings: [], unknown: [] });
    const silent = await minutes(60, false);
    expect(silent?.warnings).toMatchObject([{ id: 'order.shop', system: 'shop', severity: 'warn' }]);
    expect(silent?.warnings[0]?.message).toContain('No orders');
    expect(await minutes(1, true)).toMatchObject({ warnings: [], unknown: [], failure: '' });
  }, 60_000);
});

test('kinds are evaluated under the lease alone, and one that cannot be says so beside what was known', async () => {
  const now = () => new Date();
  const book = new WarningBook(sheets, now);
  let answers = 0;
  const failing: Evaluator = {
    kind: 'feed_silent',
    everyMs: 20,
    evaluate: () => {
      answers += 1;
      if (answers > 1) return Promise.reject(new Error('INTAKE cannot be read'));
      const about = { id: 'a', system: 'shop', subject: 'shop: orders' };
      return Promise.resolve({
        warnings: [{ ...about, severity: 'bad' as const, message: 'None.', remedy: 'Ask.' }],
        unknown: [],
      });
    },
  };
  const leases = await createLeases(nc, { owner: 'test', ttlMs: 3_000 });
  leases.hold('warnings', (signal) => watchWarnings(signal, { book, evaluators: [failing], log: silentLog }));
  await expect.poll(async () => (await sheet())?.failure).toBe('INTAKE cannot be read');
  expect((await sheet())?.warnings).toMatchObject([{ id: 'a', severity: 'bad' }]);
  await leases.close();
  const seen = answers;
  await expect.poll(() => answers).toBe(seen);
}, 30_000);
