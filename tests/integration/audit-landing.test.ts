import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '#contracts/v1/audit.ts';
import { buckets, streams, subjects } from '#contracts/v1/subjects.ts';
import { openAudit } from '#platform/audit.ts';
import { type ClickHouse, openClickHouse } from '#platform/clickhouse/client.ts';
import { silentLog } from '#platform/log.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { auditAct } from '#tests/support/audit-events.ts';
import { startIngestProcess } from '#tests/support/ingest-process.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';

let nats: TestNats;
let nc: NatsConnection;
let js: JetStreamClient;
let clickhousePath: string;
const acts = new Map<number, AuditEvent>();
const refused: number[] = [];
let lastSeq = 0;

beforeAll(async () => {
  nats = await startNats();
  clickhousePath = await mkdtemp(join(tmpdir(), 'syncline-audit-'));
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  js = jetstream(nc);
});
afterAll(async () => {
  await nc.close();
  await nats.close();
  await rm(clickhousePath, { recursive: true, force: true });
});

async function publishActs(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const act = auditAct(acts.size);
    lastSeq = (await js.publish(subjects.audit(act.action), JSON.stringify(act))).seq;
    acts.set(lastSeq, act);
  }
}

const start = (crashPoint?: string) =>
  startIngestProcess({
    natsUrl: nats.url,
    clickhousePath,
    blockEvents: 20,
    ...(crashPoint === undefined ? {} : { crashPoint }),
  });

/** Runs ingest until the claim says that everything published is committed. */
async function recover(): Promise<void> {
  const kv = await openBucket(nc, buckets.claims);
  const claims = await kv.watch({ key: 'audit' });
  const process = start();
  void process.ended.then(() => claims.stop());
  for await (const entry of claims) if (entry.json<{ committed: number }>().committed >= lastSeq) break;
  await process.stop();
}

async function inspect<T>(look: (clickhouse: ClickHouse) => Promise<T>): Promise<T> {
  const clickhouse = await openClickHouse({ path: clickhousePath, readers: 1 });
  try {
    return await look(clickhouse);
  } finally {
    await clickhouse.close();
  }
}

async function expectEachActOnce(): Promise<void> {
  const { rows, rejected } = await inspect(async (clickhouse) => ({
    rows: await clickhouse.query('SELECT * FROM audit ORDER BY stream_seq'),
    rejected: await clickhouse.query(
      `SELECT stream_seq, raw FROM rejected_steps WHERE stream = '${streams.audit}' ORDER BY stream_seq`,
    ),
  }));
  expect(rows.map((row) => [Number(row['stream_seq']), row['event_id'], row['object_id']])).toEqual(
    [...acts].map(([seq, act]) => [seq, act.event_id, act.object_id]),
  );
  expect(JSON.stringify(rows)).not.toMatch(/192\.0\.2\.77|somebody@/);
  expect(rejected.map((row) => [Number(row['stream_seq']), row['raw']])).toEqual(refused.map((seq) => [seq, '']));
}

describe('each act of a person is in ClickHouse once, without personal data, although ingest was killed', () => {
  it.each(['ingest.claim.after@1', 'ingest.insert.before@2', 'ingest.insert.after@1', 'ingest.commit.before'])(
    'at %s',
    async (point) => {
      await publishActs(50);
      const crashing = start(point);
      expect(await crashing.ended, crashing.log()).toBe('SIGKILL');
      await publishActs(1);
      await recover();
      await expectEachActOnce();
    },
  );

  it('and what is no act is named in rejected_steps without its text', async () => {
    const bad = { ...auditAct(0), actor: 7, personal: { email: 'somebody@shop.example' } };
    refused.push((await js.publish(subjects.audit('case.fix'), JSON.stringify(bad))).seq);
    refused.push((await js.publish(subjects.audit('signed_in'), JSON.stringify(auditAct(0)))).seq);
    await publishActs(1);
    await recover();
    await expectEachActOnce();
  });
});

it('the trail tells the newest acts first, as they were recorded', async () => {
  const audit = await openAudit(nc, silentLog);
  audit.record({ action: 'signed_in', actor: 'u1', personal: { email: 'kim@shop.example' } });
  audit.record({ action: 'revealed', actor: 'u1', object_kind: 'order', object_id: 'shop==1' });
  expect(await audit.latest(2)).toMatchObject([
    { action: 'revealed', object_id: 'shop==1', outcome: 'done', personal: {} },
    { action: 'signed_in', object_kind: '', personal: { email: 'kim@shop.example' } },
  ]);
});
