import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '#contracts/v1/audit.ts';
import { buckets, streams, subjects } from '#contracts/v1/subjects.ts';
import { openClaims } from '#ingest/claims.ts';
import { openAudit } from '#platform/audit.ts';
import { silentLog } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { openUsers } from '#platform/users.ts';
import { auditAct } from '#tests/support/audit-events.ts';
import { killableIngest, type KillableIngest } from '#tests/support/killable-ingest.ts';

let estate: KillableIngest;
const acts = new Map<number, AuditEvent>();
const refused: number[] = [];
let lastSeq = 0;

beforeAll(async () => {
  estate = await killableIngest({ blockEvents: 20 });
});
afterAll(() => estate.close());

async function publishActs(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const act = auditAct(acts.size);
    lastSeq = (await estate.js.publish(subjects.audit(act.action), JSON.stringify(act))).seq;
    acts.set(lastSeq, act);
  }
}

/** Runs ingest until the claim says that everything published is committed. */
async function recover(): Promise<void> {
  const kv = await openBucket(estate.nc, buckets.claims);
  const claims = await kv.watch({ key: 'audit' });
  const process = estate.start();
  void process.ended.then(() => claims.stop());
  for await (const entry of claims) if (entry.json<{ committed: number }>().committed >= lastSeq) break;
  await process.stop();
}

async function expectEachActOnce(): Promise<void> {
  const { rows, rejected } = await estate.inspect(async (clickhouse) => ({
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
      await estate.crashAt(point);
      await publishActs(1);
      await recover();
      await expectEachActOnce();
    },
  );

  it('and ClickHouse had noted tokens but lost rows', async () => {
    await publishActs(50);
    await estate.crashAt('ingest.insert.after@2');
    const { first, last } = (await (await openClaims(estate.nc)).open('audit')).value;
    expect(last).toBeGreaterThan(0);
    await estate.inspect((clickhouse) =>
      clickhouse.command(`DELETE FROM audit WHERE stream_seq BETWEEN ${first} AND ${last} AND stream_seq % 3 = 0`),
    );
    await recover();
    await expectEachActOnce();
  });

  it('and what is no act is named in rejected_steps without its text', async () => {
    const bad = { ...auditAct(0), actor: 7, personal: { email: 'somebody@shop.example' } };
    refused.push((await estate.js.publish(subjects.audit('case.fix'), JSON.stringify(bad))).seq);
    refused.push((await estate.js.publish(subjects.audit('signed_in'), JSON.stringify(auditAct(0)))).seq);
    await publishActs(1);
    await recover();
    await expectEachActOnce();
  });
});

it('the trail tells the newest acts first, as they were recorded', async () => {
  const audit = await openAudit(estate.nc, silentLog);
  audit.record({ action: 'signed_in', actor: 'u1', personal: { email: 'kim@shop.example' } });
  audit.record({ action: 'revealed', actor: 'u1', object_kind: 'order', object_id: 'shop==1' });
  expect(await audit.latest(2)).toMatchObject([
    { action: 'revealed', object_id: 'shop==1', outcome: 'done', personal: {} },
    { action: 'signed_in', object_kind: '', personal: { email: 'kim@shop.example' } },
  ]);
});

it('a person is one actor, whether known by id or by e-mail address', async () => {
  const users = await openUsers(estate.nc);
  const kim = { email: 'kim@shop.example', name: 'Kim', roles: ['support' as const], password: 'a long password' };
  const { id } = await users.create(kim);
  const audit = await openAudit(estate.nc, silentLog);
  audit.record({ action: 'case.fix', actor: 'kim@shop.example', object_kind: 'case', object_id: 'c1' });
  expect(await audit.latest(1)).toMatchObject([{ actor: id, personal: { email: 'kim@shop.example' } }]);
});
