import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { system as systemContract } from '#contracts/v1/estate.ts';
import { resourcePath } from '#contracts/v1/intake.ts';
import { buckets, subjects } from '#contracts/v1/subjects.ts';
import { createApiClient } from '#platform/http/api-clients.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { openUsers } from '#platform/users.ts';
import { putMapping } from '#sync-engine/commands/mapping-commands.ts';
import { startMasterIntake } from '#sync-engine/master/apply.ts';
import { createMasterData } from '#sync-engine/master/master-data.ts';
import { expiring } from '#sync-engine/warnings/expiring.ts';
import { nearLimits } from '#sync-engine/warnings/near-limits.ts';
import { unownedMappingsOf } from '#sync-engine/warnings/unowned-mappings.ts';
import { freePort, startNats, type TestNats } from '../support/nats.ts';
import { testEstate } from '../support/simulator.ts';

const DAY_MS = 86_400_000;
const system = (changes: object) =>
  systemContract.parse({ id: 'erp', name: 'ERP', role: 'erp', kind: 'netsuite', base_url: 'http://x', ...changes });
let nats: TestNats;
let nc: NatsConnection;
let ends: number;
let server: Server;
const { signal } = new AbortController();

beforeAll(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 7 });
  const [key, cert] = await Promise.all(
    ['key', 'cert'].map((what) => readFile(`tests/fixtures/localhost-${what}.pem`)),
  );
  server = createServer({ key, cert });
  ends = Date.parse(new X509Certificate(cert ?? '').validTo);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}, 60_000);
afterAll(async () => {
  server.close();
  await nc.close();
  await nats.close();
});

test('a certificate is read where it is shown, warned of before it ends, and unknown where nobody answers', async () => {
  const { port } = server.address() as AddressInfo;
  let daysBefore = 20;
  const closed = await freePort();
  const evaluator = expiring({
    systems: [
      system({ base_url: `https://localhost:${port}/api` }),
      system({ id: 'away', name: 'Away', base_url: `https://127.0.0.1:${closed}` }),
    ],
    now: () => new Date(ends - daysBefore * DAY_MS),
  });
  const found = await evaluator.evaluate(signal);
  expect(found.warnings).toMatchObject([{ system: 'erp', subject: 'ERP: certificate of localhost', severity: 'warn' }]);
  expect(found.unknown).toMatchObject([{ system: 'away' }]);
  daysBefore = 5;
  expect((await evaluator.evaluate(signal)).warnings).toMatchObject([{ severity: 'bad' }]);
  daysBefore = -1;
  expect((await evaluator.evaluate(signal)).warnings[0]?.message).toContain('ended at');
  daysBefore = 40;
  expect((await evaluator.evaluate(signal)).warnings).toEqual([]);
});

test('NATS is asked what it may store, and says where that is not limited', async () => {
  const manager = await jetstreamManager(nc);
  const found = await nearLimits({
    systems: [],
    isObserved: () => false,
    states: () => new Map(),
    manager,
    now: () => new Date(),
  }).evaluate(signal);
  expect(found).toMatchObject({ warnings: [], unknown: [{ id: 'storage', system: '' }] });
});

test('a mapping whose owner is disabled is warned of, and no more once it has another', async () => {
  const users = await openUsers(nc);
  const clients = await openBucket(nc, buckets.apiClients);
  const master = await createMasterData(nc, silentLog);
  await master.ready;
  const account = (email: string) =>
    users.create({ email, name: 'Somebody', roles: ['support'], password: 'a long enough password' });
  const ann = await account('ann@example.com');
  await account('ben@example.com');
  await createApiClient(
    clients,
    { id: 'item-master', name: 'Items', scopes: ['mappings.write'], quota_per_minute: 10, system: 'erp' },
    new Date(),
  );
  const put = (code: string, owner: string) =>
    master.putMapping({
      ...{ kind: 'tax_code', system: 'erp', code, target: 'T', reason: 'test', changed_by: owner },
      changed_at: new Date().toISOString(),
    });
  await put('A', 'ann@example.com');
  await put('B', 'api:item-master');
  const evaluator = unownedMappingsOf({ systems: [system({})], master, users, apiClients: clients });
  const warnings = async () => (await evaluator.evaluate(signal)).warnings;
  expect(await warnings()).toEqual([]);
  await users.change(ann.id, { disabled: true });
  expect(await warnings()).toMatchObject([{ id: 'tax_code erp', system: 'erp', subject: 'ERP: tax code mappings' }]);
  await put('A', 'ben@example.com');
  expect(await warnings()).toEqual([]);
  master.stop();
});

test('whoever owns a mapping owns it still when others change it, until another is named', async () => {
  const master = await createMasterData(nc, silentLog);
  await master.ready;
  let second = 0;
  const now = () => new Date(Date.UTC(2026, 2, 2, 10, 0, ++second));
  const change = (who: string, target: string, owner?: string, code = 'VAT') =>
    putMapping(
      {
        ...{ kind: 'tax_code', system: 'netsuite', code, target, reason: 'test' },
        actor: { id: who, roles: ['support'] },
        ...(owner === undefined ? {} : { owner }),
      },
      { master, estate: testEstate(), now },
    );
  const stored = () => master.mapping('tax_code', 'netsuite', 'VAT');
  await change('ann@example.com', 'T1');
  await change('ben@example.com', 'T2');
  expect(stored()).toMatchObject({ target: 'T2', changed_by: 'ben@example.com', owner: 'ann@example.com' });

  const intake = await startMasterIntake(nc, master, silentLog);
  const header = headers();
  const said = {
    'syncline-system': 'netsuite',
    'syncline-topic': 'mappings',
    'syncline-received-at': now().toISOString(),
    'syncline-origin': 'live',
    'syncline-client': 'item-master',
    'syncline-resource': resourcePath('v1', 'mappings', 'tax_code', 'VAT'),
  };
  for (const [name, value] of Object.entries(said)) header.set(name, value);
  const body = JSON.stringify({ target: 'T3', reason: 'from the master' });
  await jetstream(nc).publish(subjects.intake('master', 'netsuite', 'mappings'), body, { headers: header });
  await expect.poll(stored).toMatchObject({ target: 'T3', changed_by: 'api:item-master', owner: 'ann@example.com' });
  await intake.stop();

  await change('ben@example.com', 'T4', 'ben@example.com');
  expect(stored()).toMatchObject({ target: 'T4', owner: 'ben@example.com' });

  // One that a system brought without an owner is its client's, and stays so.
  await master.putMapping({
    ...{ kind: 'tax_code', system: 'netsuite', code: 'GST', target: 'T1', reason: 'from the master' },
    ...{ changed_by: 'api:item-master', changed_at: now().toISOString() },
  });
  await change('ben@example.com', 'T2', undefined, 'GST');
  expect(master.mapping('tax_code', 'netsuite', 'GST')).toMatchObject({ target: 'T2', owner: 'api:item-master' });
  master.stop();
});
