import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { system as systemContract } from '#contracts/v1/estate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { warningSheet } from '#contracts/v1/warning.ts';
import { followConnectorSwitches, type ConnectorSwitches } from '#platform/connector-switches.ts';
import { createLeases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { getJson, type KV, openBucket } from '#platform/nats/kv.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { toIntake } from '#sync-engine/intake/to-intake.ts';
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
  const now = () => new Date(at);
  const feedsOf = async (of = systems) =>
    silentFeeds({
      manager: await jetstreamManager(nc),
      systems: of,
      kinds: { of: () => ({}) },
      switches,
      paces: await openBucket(nc, buckets.feedPaces),
      now,
    });
  let evaluator: Evaluator;
  beforeAll(async () => {
    book = new WarningBook(sheets, now);
    evaluator = await feedsOf();
  });
  type Brings = 'told' | 'fetched' | 'backfill' | 'nothing';
  let delivery = 0;
  const bring = async (what: Exclude<Brings, 'nothing'>) => {
    await toIntake(publisherOf(nc), {
      ...{ system: 'shop', domain: 'order', topic: 'orders/create', body: Buffer.from('{}') },
      ...{ deliveryId: `d-${(delivery += 1)}`, aside: what === 'fetched' },
      headers: {
        'syncline-received-at': now().toISOString(),
        'syncline-webhook-id': `d-${delivery}`,
        'syncline-origin': what === 'backfill' ? 'backfill' : 'live',
      },
    });
  };
  const minutes = async (count: number, brings: Brings) => {
    for (let n = 0; n < count; n += 1) {
      at += 60_000;
      if (brings !== 'nothing') await bring(brings);
      await book.evaluate(evaluator, new AbortController().signal);
    }
    return sheet();
  };

  test('is said to be not known yet at first, warned of once it is silent, and no more once it brings something', async () => {
    expect(await minutes(5, 'told')).toMatchObject({
      warnings: [],
      unknown: [{ id: 'order.shop', system: 'shop', subject: 'shop: orders' }],
    });
    expect(await minutes(70, 'told')).toMatchObject({ warnings: [], unknown: [] });
    const silent = await minutes(60, 'nothing');
    expect(silent?.warnings).toMatchObject([{ id: 'order.shop', system: 'shop', severity: 'warn' }]);
    expect(silent?.warnings[0]?.message).toContain('No orders');
    expect(await minutes(1, 'told')).toMatchObject({ warnings: [], unknown: [], failure: '' });
  }, 60_000);

  test('is silent though its orders are fetched, or told afterwards', async () => {
    await (await openBucket(nc, buckets.feedPaces)).delete('order.shop');
    expect(await minutes(75, 'told')).toMatchObject({ warnings: [], unknown: [] });
    await minutes(30, 'fetched');
    expect((await minutes(30, 'backfill'))?.warnings).toMatchObject([{ id: 'order.shop' }]);
    expect(await minutes(1, 'told')).toMatchObject({ warnings: [], unknown: [] });
  }, 60_000);

  test('that was ended on purpose is not warned of', async () => {
    await (await openBucket(nc, buckets.feedPaces)).delete('order.shop');
    await minutes(75, 'told');
    const silent = await minutes(60, 'nothing');
    expect(silent?.warnings).toMatchObject([{ remedy: expect.stringContaining('ended_feeds') as string }]);
    expect(silent?.warnings[0]?.remedy).not.toContain('pause');
    const ended = systems.map((one) => ({ ...one, settings: { ended_feeds: 'order' } }));
    await book.evaluate(await feedsOf(ended), new AbortController().signal);
    expect(await sheet()).toMatchObject({ warnings: [], unknown: [] });
    const wrong = systems.map((one) => ({ ...one, settings: { ended_feeds: 'orders' } }));
    await expect(feedsOf(wrong)).rejects.toThrow('ended_feeds');
  }, 60_000);
});

const about = { id: 'a', system: 'shop', subject: 'shop: orders' };
const warned = { ...about, severity: 'bad' as const, message: 'None.', remedy: 'Ask.' };
/** Evaluates one kind as often as it may. */
const kindOf = (evaluate: Evaluator['evaluate']): Evaluator => ({ kind: 'mapping_unowned', everyMs: 20, evaluate });
const kept = async () => (await getJson(sheets, 'mapping_unowned', warningSheet))?.value;
const newBook = () => new WarningBook(sheets, () => new Date());

/** A replica that counts its evaluations. */
async function replica(owner: string, evaluate: Evaluator['evaluate']) {
  const leases = await createLeases(nc, { owner, ttlMs: 3_000 });
  let evaluated = 0;
  const counted: Evaluator['evaluate'] = (signal) => {
    evaluated += 1;
    return evaluate(signal);
  };
  const evaluators = [kindOf(counted)];
  leases.hold('warnings', (signal) => watchWarnings(signal, { book: newBook(), evaluators, log: silentLog }));
  return { evaluated: () => evaluated, close: () => leases.close() };
}
const several = { timeout: 20_000 };

describe('kinds of warnings', () => {
  beforeEach(() => sheets.delete('mapping_unowned'));

  test('are evaluated by one replica alone, and by another once that one ends', async () => {
    const nothing = () => Promise.resolve({ warnings: [], unknown: [] });
    const first = await replica('first', nothing);
    await expect.poll(first.evaluated, several).toBeGreaterThan(3);
    const second = await replica('second', nothing);
    const seen = first.evaluated();
    await expect.poll(first.evaluated, several).toBeGreaterThan(seen + 3);
    expect(second.evaluated()).toBe(0);

    await first.close();
    const last = first.evaluated();
    await expect.poll(second.evaluated, several).toBeGreaterThan(3);
    expect(first.evaluated()).toBe(last);
    await second.close();
  }, 60_000);

  test('that cannot be evaluated say so beside what was known', async () => {
    const answers = [() => Promise.resolve({ warnings: [warned], unknown: [] })];
    const only = await replica('only', () => answers.pop()?.() ?? Promise.reject(new Error('it cannot be read')));
    await expect.poll(async () => (await kept())?.failure, several).toBe('it cannot be read');
    expect((await kept())?.warnings).toMatchObject([{ id: 'a', severity: 'bad' }]);
    await only.close();
  }, 30_000);

  test('are left where they stand when the engine stops, however long a system takes to answer', async () => {
    let told: AbortSignal | undefined;
    const only = await replica('only', (signal) => {
      told = signal;
      return new Promise(() => undefined);
    });
    await expect.poll(() => told, several).toBeDefined();
    await only.close();
    expect(told?.aborted).toBe(true);
    expect(await kept()).toBeUndefined();
  }, 30_000);

  test('are evaluated anew where a warning was taken off meanwhile, so that it does not come back', async () => {
    const book = newBook();
    const signal = new AbortController().signal;
    await book.evaluate(
      kindOf(() => Promise.resolve({ warnings: [warned], unknown: [] })),
      signal,
    );
    let holds = true;
    const mended = kindOf(async () => {
      const found = holds ? [warned] : [];
      if (holds) await book.remove('mapping_unowned', 'a');
      holds = false;
      return { warnings: found, unknown: [] };
    });
    await book.evaluate(mended, signal);
    expect((await kept())?.warnings).toEqual([]);
  });
});
