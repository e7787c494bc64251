import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiscardPolicy } from '@nats-io/jetstream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem, Receipt } from '#contracts/v1/channel-api.ts';
import { shopifySignature, startIntake, type TestIntake } from '#tests/support/intake.ts';
import { startNats } from '#tests/support/nats.ts';

let intake: TestIntake;
afterEach(() => intake.close());

async function shopify(id: string, body = '{"id":1}', signature = shopifySignature(body)) {
  const answer = await fetch(`${intake.url}/intake/shopify`, {
    method: 'POST',
    body,
    headers: {
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': 'northwind-lane-us.myshopify.com',
      'x-shopify-hmac-sha256': signature,
      'x-shopify-webhook-id': id,
    },
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Receipt & Problem };
}
const put = (as: string, version: number) =>
  fetch(`${intake.url}/v1/stock/dc-east/SKU-1`, {
    method: 'PUT',
    body: JSON.stringify({ quantity: 1, version, occurred_at: '2026-03-01T11:00:00.000Z' }),
    headers: { authorization: `Bearer ${intake.keys[as] ?? 'none.none'}` },
  });
const messages = async () => (await intake.manager.streams.info('INTAKE')).state.messages;

describe('nothing is accepted that is not durable', () => {
  it('answers 503 with Retry-After while NATS is away, and accepts again once it is back', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'syncline-intake-'));
    const nats = await startNats({ directory });
    intake = await startIntake({ nats });
    expect((await shopify('before')).status).toBe(200);
    await nats.close();
    const refused = await shopify('during');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.body.detail).toContain('Send it again');
    const again = await startNats({ port: nats.port, directory });
    try {
      await expect.poll(async () => (await shopify('during')).status, { timeout: 20_000 }).toBe(200);
      expect((await shopify('before')).body.duplicate).toBe(true);
      expect(await messages()).toBe(2);
    } finally {
      await again.close();
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('answers 503 where the stream is full', async () => {
    intake = await startIntake();
    const { config } = await intake.manager.streams.info('INTAKE');
    await intake.manager.streams.update('INTAKE', { ...config, discard: DiscardPolicy.New, max_msgs: 1 });
    expect((await shopify('first')).status).toBe(200);
    expect((await shopify('second')).status).toBe(503);
    await intake.manager.streams.update('INTAKE', { ...config, discard: DiscardPolicy.New, max_msgs: 2 });
    const { status, body } = await shopify('second');
    expect([status, body.duplicate]).toEqual([200, false]);
  });
});

describe('a client that is too fast', () => {
  it('gets 429 with Retry-After, and stops nobody else', async () => {
    intake = await startIntake({
      clients: { flood: { scopes: ['stock.write'], quota: 5 }, calm: { scopes: ['stock.write'], quota: 100 } },
    });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => put('flood', i)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(45);
    for (const { headers } of refused) {
      const wait = Number(headers.get('retry-after'));
      expect(wait).toBeGreaterThanOrEqual(1);
      expect(wait).toBeLessThanOrEqual(60);
    }
    expect((await put('calm', 1_000)).status).toBe(202);
    expect((await shopify('calm')).status).toBe(200);
  });

  it('without a key is limited by its address, while those with one go on', async () => {
    intake = await startIntake({
      limits: { failuresPerMinute: 3 },
      clients: { calm: { scopes: ['stock.write'] } },
    });
    const statuses = [];
    for (let i = 0; i < 5; i++) statuses.push((await put('nobody', i)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await put('calm', 1)).status).toBe(202);
    expect((await shopify('calm')).status).toBe(200);
  });

  it('with wrong signatures is cut off before its bodies are read', async () => {
    intake = await startIntake({ limits: { failuresPerMinute: 2 } });
    const wrong = shopifySignature('other');
    for (let i = 0; i < 2; i++) expect((await shopify('x', '{}', wrong)).status).toBe(401);
    const refused = await shopify('x', '{}', wrong);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('as a system that sends more than agreed gets 429', async () => {
    intake = await startIntake({ limits: { webhooksPerMinute: 2 } });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await shopify(`hook-${i}`)).status);
    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('a client that is too slow', () => {
  const open = async (): Promise<{ socket: Socket; closed: Promise<string> }> => {
    const socket = connect(intake.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close').then(() => text);
    await once(socket, 'connect');
    return { socket, closed };
  };

  it('is cut off in its headers and in its body, while others are served', async () => {
    intake = await startIntake({ limits: { headersTimeoutMs: 400, requestTimeoutMs: 800 } });
    const headers = await Promise.all(Array.from({ length: 50 }, open));
    for (const { socket } of headers) socket.write('POST /intake/shopify HTTP/1.1\r\nHost: x\r\nX-Slow');
    const bodies = await Promise.all(Array.from({ length: 50 }, open));
    for (const { socket } of bodies)
      socket.write('POST /intake/shopify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"id"');
    expect((await shopify('meanwhile')).status).toBe(200);
    for (const { closed } of [...headers, ...bodies]) expect(await closed).toMatch(/^HTTP\/1\.1 408/);
    expect((await shopify('afterwards')).status).toBe(200);
  });

  it('may not hold more connections than an address is given', async () => {
    intake = await startIntake({ limits: { connectionsPerAddress: 3 } });
    const held = await Promise.all([open(), open(), open()]);
    const fourth = await open();
    expect(await fourth.closed).toBe('');
    for (const { socket } of held) socket.destroy();
    await Promise.all(held.map(({ closed }) => closed));
    await expect.poll(async () => (await shopify('again').catch(() => ({ status: 0 }))).status).toBe(200);
  });

  it('that announces more than is accepted gets 413 at once', async () => {
    intake = await startIntake();
    const { socket, closed } = await open();
    socket.write('POST /intake/shopify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n');
    expect(await closed).toMatch(/^HTTP\/1\.1 413/);
  });

  it('that sends more than is accepted without announcing it gets 413', async () => {
    intake = await startIntake();
    const { socket, closed } = await open();
    socket.write('POST /intake/shopify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = 'x'.repeat(100_000);
    for (let i = 0; i < 11; i++) socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    expect(await closed).toMatch(/^HTTP\/1\.1 413/);
  });
});

it('takes the bytes of 300 senders at once', async () => {
  intake = await startIntake();
  const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => shopify(`many-${i}`)));
  expect(answers.every(({ status, body }) => status === 200 && !body.duplicate)).toBe(true);
  expect(await messages()).toBe(300);
});
