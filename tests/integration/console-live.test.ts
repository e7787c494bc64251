import { get, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { beatMs } from '#app/live/pulse.ts';
import { openCaseCount } from '#app/queries/open-case-count.ts';
import { nudge, type Nudge } from '#contracts/v1/live.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { startConsole, type TestConsole } from '#tests/support/console.ts';
import type { TestNats } from '#tests/support/nats.ts';

const password = 'a long enough password';
let app: TestConsole;
let cookie: string;

beforeAll(async () => {
  app = await startConsole();
  await app.users.create({ email: 'ops@example.com', name: 'Olga Ops', roles: ['operations'], password });
  cookie = await app.signIn('ops@example.com', password);
});
afterAll(() => app.close());

/** Opens `/live` and hears its events one by one. */
async function openLive(): Promise<{ next: (event: string) => Promise<unknown>; close: () => void }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${app.url}/live`, { headers: { cookie }, agent: false }, resolve).once('error', reject);
  });
  let text = '';
  const heard: { event: string; data: unknown }[] = [];
  let wake = () => undefined as void;
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const match = /^event: (.*)\ndata: (.*)$/.exec(block);
      if (match) heard.push({ event: match[1] ?? '', data: JSON.parse(match[2] ?? 'null') as unknown });
    }
    wake();
  });
  response.on('error', () => undefined);
  return {
    async next(event) {
      for (;;) {
        const found = heard.findIndex((one) => one.event === event);
        if (found >= 0) return heard.splice(0, found + 1).at(-1)?.data;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    close: () => void response.destroy(),
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

const sample: Nudge = nudge.parse({
  at: '2026-03-01T12:00:00.000Z',
  stream_seq: 7,
  topics: ['steps'],
  flows: ['order_to_cash'],
  keys: ['shop==1'],
  more: false,
});

it('fans one nudge out to every open page', async () => {
  const pages = await Promise.all([openLive(), openLive(), openLive()]);
  for (const page of pages) expect(await page.next('stream')).toEqual({ up: true });
  app.console.services.nats.publish(subjects.nudge, JSON.stringify(sample));
  for (const page of pages) expect(await page.next('nudge')).toEqual(sample);
  for (const page of pages) page.close();
  await until(() => app.console.services.live.size() === 0);
});

it('a page that asks because of a nudge is not answered with what was read before it', async () => {
  const page = await openLive();
  expect(await page.next('stream')).toEqual({ up: true });
  const { read } = app.console.services;
  const before = read(openCaseCount, { muted_causes: [] });
  expect(read(openCaseCount, { muted_causes: [] })).toBe(before);
  app.console.services.nats.publish(subjects.nudge, JSON.stringify(sample));
  await page.next('nudge');
  expect(read(openCaseCount, { muted_causes: [] })).not.toBe(before);
  page.close();
  await until(() => app.console.services.live.size() === 0);
});

it('lets go of everything a page held when it leaves, also in the middle of a nudge', async () => {
  const { live, nats } = app.console.services;
  const timersBefore = process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
  const pages = await Promise.all(Array.from({ length: 40 }, openLive));
  await Promise.all(pages.map((page) => page.next('stream')));
  expect(live.size()).toBe(40);
  pages.forEach((page, index) => {
    if (index % 2 === 0) page.close();
    nats.publish(subjects.nudge, JSON.stringify(sample));
  });
  await until(() => live.size() === 20);
  for (const page of pages) page.close();
  await until(() => live.size() === 0);
  const timersAfter = process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
  // A timer a page would be forty more.
  expect(timersAfter - timersBefore).toBeLessThan(40);
});

it('passes over what is not a nudge', async () => {
  const page = await openLive();
  await page.next('stream');
  app.console.services.nats.publish(subjects.nudge, 'not json');
  app.console.services.nats.publish(subjects.nudge, JSON.stringify({ ...sample, stream_seq: 8 }));
  expect(await page.next('nudge')).toMatchObject({ stream_seq: 8 });
  page.close();
});

describe('FEATURE a page knows when its stream is dead', () => {
  const freeze = (nats: TestNats) => process.kill(nats.pid, 'SIGSTOP');
  const thaw = (nats: TestNats) => process.kill(nats.pid, 'SIGCONT');
  const pulse = async (console: TestConsole) => (await fetch(`${console.url}/live/pulse`)).status;

  it('hears a beat every two seconds for as long as NATS answers', async () => {
    const page = await openLive();
    const since = performance.now();
    for (let beat = 0; beat < 3; beat++) expect(await page.next('stream')).toEqual({ up: true });
    expect(performance.now() - since).toBeLessThan(3 * beatMs);
    expect(await pulse(app)).toBe(204);
    page.close();
  });

  it('is told within ten seconds that NATS hangs, although its connection stays open, and when it is back', async () => {
    const page = await openLive();
    await page.next('stream');
    freeze(app.nats);
    try {
      const since = performance.now();
      // The first may share a round trip that was answered before.
      while ((await pulse(app)) !== 503);
      expect(performance.now() - since).toBeLessThan(2_000);
      while (!isDeepStrictEqual(await page.next('stream'), { up: false }));
      expect(performance.now() - since).toBeLessThan(9_000);
      expect(app.console.services.live.isUp()).toBe(false);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
      // The heart of the stream itself goes on beating: what hangs is NATS, not the console.
      expect(await page.next('stream')).toEqual({ up: false });
    } finally {
      thaw(app.nats);
    }
    const since = performance.now();
    while (!isDeepStrictEqual(await page.next('stream'), { up: true }));
    expect(performance.now() - since).toBeLessThan(5_000);
    app.console.services.nats.publish(subjects.nudge, JSON.stringify({ ...sample, stream_seq: 9 }));
    expect(await page.next('nudge')).toMatchObject({ stream_seq: 9 });
    expect(await pulse(app)).toBe(204);
    page.close();
  });
});

it('asks ClickHouse as often for two hundred open pages as for one: once a question and second', async () => {
  const { clickhouse } = app.clickhouse;
  const asked = vi.spyOn(clickhouse, 'query');
  const look = async (path: string) => {
    const response = await fetch(`${app.url}${path}`, { headers: { cookie } });
    expect(response.status).toBe(200);
    await response.text();
  };
  await look('/_root.data');
  const questions = asked.mock.calls.length;
  expect(questions).toBeGreaterThan(5);
  asked.mockClear();
  const began = Date.now();
  await Promise.all(Array.from({ length: 200 }, () => look('/_root.data')));
  const seconds = Math.floor((Date.now() - began) / 1_000) + 2;
  expect(asked.mock.calls.length).toBeLessThanOrEqual(questions * seconds);
  asked.mockRestore();
});
