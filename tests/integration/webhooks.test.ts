import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventName } from '#contracts/v1/business-event.ts';
import type { CommandName, CommandRequest } from '#contracts/v1/commands.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets, streams, subjects } from '#contracts/v1/subjects.ts';
import { type Delivery, delivery, type Webhook, webhook } from '#contracts/v1/webhook.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { requestCommand } from '#platform/nats/service.ts';
import { watchBucket } from '#platform/nats/watch.ts';
import { newWebhookSecret } from '#sync-engine/webhooks/sign.ts';
import { commandOf } from '../support/commands.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';

const actor = { id: 'ada', roles: ['administrator' as const] };
const isSettled = (event: StepEvent) => event.step === 'settle' && event.status === 'completed';
const orderEvents: EventName[] = ['order.accepted.v1', 'order.shipped.v1', 'order.settled.v1'];

let estate: TestEngine;
let nextId = 620_000;
const nextOrder = () => estate.placeOrder({ id: ++nextId });

beforeAll(async () => {
  estate = await startEngine({
    engine: { webhookRetries: { pausesMs: [10, 20, 30, 40, 50, 60], disableAfterMs: 2_500, downAfter: 4 } },
  });
}, 60_000);
afterAll(() => estate.close());

const command = <N extends CommandName>(name: N, request: CommandRequest<N>) => commandOf(estate.nc, name, request);
const urlOf = (endpoint: string) => `${estate.simulator.url}/subscriber/${endpoint}`;

async function subscribe(endpoint: string, more: Partial<CommandRequest<'webhook.put'>> = {}): Promise<Webhook> {
  const { webhook: made, secret } = await command('webhook.put', {
    actor,
    webhook_id: endpoint,
    version: 0,
    name: endpoint,
    url: urlOf(endpoint),
    events: orderEvents,
    status: 'active',
    ...more,
  });
  if (made === undefined || secret === undefined) throw new Error('no webhook was made');
  estate.simulator.subscriber.trust(endpoint, [secret]);
  return made;
}

/** The delivery log of a webhook until one entry matches. */
async function logUntil(endpoint: string, matches: (entry: Delivery) => boolean): Promise<Delivery[]> {
  const consumer = await estate.js.consumers.get(streams.deliveries, { filter_subjects: subjects.delivery(endpoint) });
  const messages = await consumer.consume();
  const entries: Delivery[] = [];
  for await (const message of messages) {
    entries.push(delivery.parse(message.json()));
    if (matches(entries.at(-1) as Delivery)) break;
  }
  messages.stop();
  return entries;
}

/** Resolves with the webhook once it is as wanted. */
async function webhookUntil(id: string, matches: (one: Webhook) => boolean): Promise<Webhook> {
  const bucket = await openBucket(estate.nc, buckets.webhooks);
  return new Promise((resolve) => {
    const watching = watchBucket(bucket, (entry) => {
      const one = entry.operation === 'PUT' && entry.key === id ? webhook.parse(entry.json()) : undefined;
      if (one === undefined || !matches(one)) return;
      resolve(one);
      void watching.then((watch) => watch.stop());
    });
  });
}

describe('a webhook', () => {
  test('tells its endpoint of what it is for, signed, in order and once, and says so in the log without bodies', async () => {
    await subscribe('partner-a');
    const key = await nextOrder();
    await estate.until(key, isSettled);
    const taken = await estate.simulator.subscriber.until('partner-a', 3);
    expect(taken.map(({ type, subject, times }) => [type, subject, times])).toEqual(
      orderEvents.map((name) => [`com.syncline.${name}`, key, 1]),
    );
    const log = await logUntil('partner-a', ({ event }) => event === 'order.settled.v1');
    expect(log).toMatchObject(orderEvents.map((event) => ({ event, attempt: 1, outcome: 'delivered', status: 204 })));
    expect(JSON.stringify(log)).not.toMatch(/"data"|test\.customer/);
  });

  test('that fails for a while is told again, each subject in its order, and holds up no other', async () => {
    const { subscriber } = estate.simulator;
    await subscribe('flaky');
    await subscribe('steady');
    subscriber.answer('flaky', { status: 500, times: 5 });
    const keys = [await nextOrder(), await nextOrder()];
    await Promise.all(keys.map((key) => estate.until(key, isSettled)));
    expect(await subscriber.until('steady', 6)).toHaveLength(6);
    const taken = await subscriber.until('flaky', 6);
    for (const key of keys)
      expect(taken.filter(({ subject }) => subject === key).map(({ type }) => type)).toEqual(
        orderEvents.map((name) => `com.syncline.${name}`),
      );
    const log = await logUntil('flaky', ({ outcome }) => outcome === 'delivered');
    expect(log[0]).toMatchObject({ attempt: 1, outcome: 'retrying', status: 500, error_code: 'HTTP_500' });
    expect(log[0]?.next_at).not.toBe('');
  });

  test('waits as long as its endpoint asks it to', async () => {
    await subscribe('busy', { events: ['order.settled.v1'] });
    estate.simulator.subscriber.answer('busy', { status: 429, retryAfterS: 2, times: 1 });
    await nextOrder();
    const log = await logUntil('busy', ({ outcome }) => outcome === 'delivered');
    const [refused, told] = log;
    expect(Date.parse(refused?.next_at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(2_000);
    expect(Date.parse(told?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(refused?.next_at ?? ''));
  });

  test('that somebody changes is told at once what waited, and what failed before does not count any more', async () => {
    const { subscriber } = estate.simulator;
    const secret = newWebhookSecret();
    const made = await subscribe('moving', { events: ['order.settled.v1'], secret });
    subscriber.trust('moved', [secret]);
    subscriber.answer('moving', { status: 503, retryAfterS: 3_600 });
    await nextOrder();
    await logUntil('moving', ({ outcome }) => outcome === 'retrying');
    const { webhook_id, version, name, events } = made;
    await command('webhook.put', { actor, webhook_id, version, name, url: urlOf('moved'), events, status: 'active' });
    expect(await subscriber.until('moved', 1)).toMatchObject([{ times: 1 }]);
    const [, told] = await logUntil('moving', ({ outcome }) => outcome === 'delivered');
    expect(told?.attempt).toBe(1);
  });

  test('whose endpoint says 410 is disabled, and tells what was missed once it is active again', async () => {
    const { subscriber } = estate.simulator;
    await subscribe('gone', { events: ['order.settled.v1'] });
    subscriber.answer('gone', { status: 410, times: 1 });
    await nextOrder();
    const disabled = await webhookUntil('gone', ({ status }) => status === 'disabled');
    expect(disabled).toMatchObject({ status_reason: expect.stringContaining('410') as string, changed_by: 'syncline' });
    const { webhook_id, version, name, url, events } = disabled;
    await command('webhook.put', { actor, webhook_id, version, name, url, events, status: 'active' });
    expect(await subscriber.until('gone', 1)).toMatchObject([{ times: 1 }]);
  });

  test('that has failed for long is disabled by itself, and the audit trail says why', async () => {
    await subscribe('lost', { events: ['order.settled.v1', 'order.accepted.v1'] });
    estate.simulator.subscriber.answer('lost', { status: 503 });
    const trail = await estate.js.consumers.get(streams.audit, { filter_subjects: subjects.audit('webhook.disable') });
    await nextOrder();
    // Attempts follow one another until the time is up; some events are given up meanwhile, and can be replayed.
    const driven: Promise<string>[] = [];
    const driving = setInterval(() => driven.push(nextOrder()), 500);
    const disabled = await webhookUntil('lost', ({ status }) => status === 'disabled');
    clearInterval(driving);
    for (const key of await Promise.all(driven)) await estate.until(key, isSettled);
    expect(disabled.status_reason).toContain('Every attempt has failed since');
    const messages = await trail.consume();
    for await (const message of messages) {
      const act = message.json<{ object_id: string; reason: string }>();
      if (act.object_id !== 'lost') continue;
      expect(act.reason).toContain('Every attempt has failed since');
      break;
    }
    messages.stop();
  });

  test('signs with every secret that is not retired while the receiver changes from one to the other', async () => {
    const { subscriber } = estate.simulator;
    await subscribe('rotating', { events: ['order.settled.v1'] });
    const rotating = { actor, webhook_id: 'rotating' };
    const rotate = (version: number) => requestCommand(estate.nc, 'webhook.rotate', { ...rotating, version });
    await rotate(1);
    // Two at once: one is refused, and the other one's secret signs.
    const replies = await Promise.all([rotate(2), rotate(2)]);
    expect(replies.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const [made] = replies.flatMap((reply) => (reply.ok ? [reply] : []));
    expect(made?.webhook).toMatchObject({ version: 3, former_secrets: [{}, {}] });
    // Its receiver still knows the first one only.
    await nextOrder();
    await subscriber.until('rotating', 1);
    subscriber.trust('rotating', [made?.secret ?? '']);
    await nextOrder();
    expect(await subscriber.until('rotating', 2)).toHaveLength(2);
    // No more than five former ones; then those before the present one are retired.
    for (const version of [3, 4, 5]) expect(await rotate(version)).toMatchObject({ ok: true });
    const refused = { ok: false, error: { code: 'refused', fields: [{ path: '/retire_former' }] } };
    expect(await rotate(6)).toMatchObject(refused);
    const last = await requestCommand(estate.nc, 'webhook.rotate', { ...rotating, version: 6, retire_former: true });
    expect(last).toMatchObject({ ok: true, webhook: { version: 7, former_secrets: [{}] } });
    subscriber.trust('rotating', [last.ok ? (last.secret ?? '') : '']);
    await nextOrder();
    expect(await subscriber.until('rotating', 3)).toHaveLength(3);
  });

  test('is told again on request: one event, or all of a time, under the same ids', async () => {
    const { subscriber } = estate.simulator;
    await subscribe('again');
    const from = new Date().toISOString();
    await nextOrder();
    await subscriber.until('again', 3);
    const [first] = await logUntil('again', () => true);
    await command('webhook.replay', { actor, webhook_id: 'again', event_seqs: [first?.event_seq ?? 0] });
    await logUntil('again', ({ replayed, outcome }) => replayed && outcome === 'delivered');
    expect(subscriber.taken('again').map(({ times }) => times)).toEqual([2, 1, 1]);
    await command('webhook.replay', { actor, webhook_id: 'again', from, to: new Date().toISOString() });
    let replayed = 0;
    await logUntil('again', (entry) => entry.replayed && ++replayed === 4);
    expect(subscriber.taken('again').map(({ times }) => times)).toEqual([3, 2, 2]);
  });
});

describe('a webhook is refused', () => {
  const ask = (more: Partial<CommandRequest<'webhook.put'>>) =>
    requestCommand(estate.nc, 'webhook.put', {
      actor,
      webhook_id: 'refused',
      version: 0,
      name: 'Refused',
      url: 'https://example.com/hook',
      events: orderEvents,
      status: 'active',
      ...more,
    });
  test.each([
    ['to an address without TLS', { url: 'http://example.com/hook' }, 'invalid'],
    ['to a private address', { url: 'https://10.1.2.3/hook' }, 'invalid'],
    ['to a cloud’s metadata service', { url: 'https://169.254.169.254/latest' }, 'invalid'],
    ['to our own machine by another name', { url: 'https://[::ffff:127.0.0.1]/hook' }, 'invalid'],
    ['of somebody who may not', { actor: { id: 'sam', roles: ['support' as const] } }, 'forbidden'],
    ['in a version that is not the present one', { version: 7 }, 'not_found'],
  ])('%s', async (_, more, code) => {
    expect(await ask(more)).toMatchObject({ ok: false, error: { code } });
  });
});
