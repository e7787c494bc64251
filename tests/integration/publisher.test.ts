import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { ClosedConnectionError, type NatsConnection, NoRespondersError, TimeoutError } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isWrongSequence, publishFenced } from '#platform/nats/publish.ts';
import { type Publisher, publisherOf } from '#platform/nats/publisher.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

let nats: TestNats;
let nc: NatsConnection;
beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.close());
beforeEach(async () => {
  nc = await connect({ servers: nats.url, noAsyncTraces: true });
  const manager = await jetstreamManager(nc);
  await manager.streams.add({ name: 'NOTES', subjects: ['notes.>'], max_msg_size: 100 });
});
afterEach(async () => {
  if (nc.isClosed()) nc = await connect({ servers: nats.url });
  await (await jetstreamManager(nc)).streams.delete('NOTES');
  await nc.close();
});

const timeoutMs = 2_000;

describe('a publisher', () => {
  test('is one for a connection', () => {
    expect(publisherOf(nc)).toBe(publisherOf(nc));
  });

  test('says where each message is, in the order published', async () => {
    const publisher = publisherOf(nc);
    const stored = await Promise.all(
      Array.from({ length: 500 }, (_, i) => publisher.publish(`notes.${i % 7}`, `note ${i}`, { timeoutMs })),
    );
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    const manager = await jetstreamManager(nc);
    expect((await manager.streams.getMessage('NOTES', { seq: 255 }))?.string()).toBe('note 254');
  });

  test('says of a repeated id where the first message is', async () => {
    const publisher = publisherOf(nc);
    const first = await publisher.publish('notes.a', 'ü', { msgId: 'one', timeoutMs });
    expect(first.duplicate).toBe(false);
    expect(await publisher.publish('notes.a', 'other', { msgId: 'one', timeoutMs })).toEqual({
      seq: first.seq,
      duplicate: true,
    });
  });

  test('is refused where the subject has gone on', async () => {
    const publisher = publisherOf(nc);
    await publisher.publish('notes.b', '1', { expectedSeq: 0, timeoutMs });
    const late = publisher.publish('notes.b', '2', { expectedSeq: 0, timeoutMs });
    await expect(late).rejects.toSatisfy(isWrongSequence);
    await expect(publisher.publish('notes.b', 'x'.repeat(200), { timeoutMs })).rejects.toBeInstanceOf(
      JetStreamApiError,
    );
  });

  test('says when no stream takes the subject', async () => {
    await expect(publisherOf(nc).publish('elsewhere', '', { timeoutMs })).rejects.toBeInstanceOf(NoRespondersError);
  });

  test('says when no acknowledgement came in time', async () => {
    // Somebody listens, so the server does not answer for it, and nobody acknowledges.
    nc.subscribe('silent', { callback: () => undefined });
    await nc.flush();
    await expect(publisherOf(nc).publish('silent', '', { timeoutMs: 50 })).rejects.toBeInstanceOf(TimeoutError);
  });

  test('leaves a fenced message undecided where nobody answered and nobody wrote', async () => {
    const manager = await jetstreamManager(nc);
    const silent: Publisher = { publish: () => Promise.reject(new TimeoutError()) };
    const fenced = {
      stream: 'NOTES',
      subject: 'notes.d',
      data: 'mine',
      msgId: 'd:1',
      expectedSeq: 0,
      isMine: () => false,
    };
    await expect(publishFenced(silent, manager, fenced)).rejects.toBeInstanceOf(TimeoutError);
    const { seq } = await publisherOf(nc).publish('notes.d', 'another', { timeoutMs });
    expect(await publishFenced(silent, manager, fenced)).toMatchObject({ won: false, last: { seq } });
    expect(await publishFenced(silent, manager, { ...fenced, isMine: () => true })).toEqual({ won: true, seq });
  });

  test('ends what waits when the connection is closed', async () => {
    nc.subscribe('silent', { callback: () => undefined });
    await nc.flush();
    const publisher = publisherOf(nc);
    const waiting = publisher.publish('silent', '', { timeoutMs: 60_000 });
    const ended = expect(waiting).rejects.toBeInstanceOf(ClosedConnectionError);
    await nc.flush();
    await nc.close();
    await ended;
    await expect(publisher.publish('notes.c', '', { timeoutMs })).rejects.toBeInstanceOf(ClosedConnectionError);
  });
});
