import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publisherOf } from '#platform/nats/publisher.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

let folder: string;
let config: string;
let nats: TestNats;
let nc: NatsConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syncline-permissions-'));
  config = join(folder, 'nats.conf');
  await allow('');
  nats = await startNats({ config });
  nc = await connect({ servers: nats.url, user: 'engine', pass: 'secret', noAsyncTraces: true });
  await (await jetstreamManager(nc)).streams.add({ name: 'NOTES', subjects: ['notes.>'] });
});
afterAll(async () => {
  await nc.close();
  await nats.close();
  await rm(folder, { recursive: true, force: true });
});

const allow = (denied: string) =>
  writeFile(
    config,
    `jetstream { store_dir: "${join(folder, 'store')}" }
authorization { users = [{ user: engine, password: secret, permissions: { publish: ">", subscribe: { allow: ">"${denied} } } }] }`,
  );

/** Has the server read its configuration again, and resolves once this connection was told of it. */
async function reload(denied: string): Promise<void> {
  await allow(denied);
  const told = nc.status();
  process.kill(nats.pid, 'SIGHUP');
  for await (const status of told) if (status.type === 'error' || status.type === 'reconnect') break;
}

test('a publisher that may not hear its acknowledgements says so, and works again once it may', async () => {
  const publisher = publisherOf(nc);
  const publish = () => publisher.publish('notes.a', 'text', { timeoutMs: 1_000 });
  expect((await publish()).seq).toBe(1);

  await reload(', deny: "_INBOX.>"');
  await expect(publish()).rejects.toBeInstanceOf(PermissionViolationError);

  await allow('');
  process.kill(nats.pid, 'SIGHUP');
  await expect.poll(() => publish().catch(() => undefined), { timeout: 10_000 }).toMatchObject({ duplicate: false });
});
