import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nudge } from '#contracts/v1/live.ts';
import { subjects } from '#contracts/v1/subjects.ts';
import { openClaims } from '#ingest/claims.ts';
import { startIngestProcess } from '#tests/support/ingest-process.ts';
import { killableIngest, type KillableIngest } from '#tests/support/killable-ingest.ts';
import { type Expected, expectExactlyOnce } from '#tests/support/landed.ts';
import { orderEvents, subjectOf } from '#tests/support/step-events.ts';

let estate: KillableIngest;
const expected: Expected = { events: new Map(), rejected: new Set() };
let orders = 0;
let lastSeq = 0;

beforeAll(async () => {
  estate = await killableIngest();
});
afterAll(() => estate.close());

/** Orders placed around the end of a month, and now and then a message that is no event. */
async function publishRound(size = 40): Promise<void> {
  const monthEnd = Date.UTC(2026, 9, 31, 23, 59, 58);
  for (let i = 0; i < size; i++) {
    for (const event of orderEvents(orders, monthEnd + (i % 5) * 300)) {
      const { seq } = await estate.js.publish(subjectOf(event), JSON.stringify(event));
      expected.events.set(seq, event);
      lastSeq = seq;
    }
    orders++;
    if (i % 20 === 7) {
      lastSeq = (await estate.js.publish(subjects.step('order_to_cash', 'x'), '{"v":1}')).seq;
      expected.rejected.add(lastSeq);
    }
  }
}

/** Runs ingest until everything published, and one order more, is landed. */
async function recover(): Promise<string> {
  await publishRound(1);
  const nudges = estate.nc.subscribe(subjects.nudge);
  const process = estate.start();
  void process.ended.then(() => nudges.unsubscribe());
  for await (const message of nudges) if (nudge.parse(message.json()).stream_seq >= lastSeq) break;
  await process.stop();
  return process.log();
}

describe('every event is in the table and in every rollup once, although ingest was killed', () => {
  it.each([
    'ingest.claim.before@2',
    'ingest.claim.after@2',
    'ingest.insert.before@2',
    'ingest.insert.after@1',
    'ingest.insert.after@4',
    'ingest.rejected.after',
    'ingest.commit.before',
    'ingest.commit.after',
  ])('at %s', async (point) => {
    await publishRound();
    await estate.crashAt(point);
    await recover();
    await estate.inspect((clickhouse) => expectExactlyOnce(clickhouse, expected));
  });

  it.each(['ingest.verify.completed', 'ingest.verify.idempotent'])(
    'and killed again while it took over, at %s',
    async (point) => {
      await publishRound();
      await estate.crashAt('ingest.insert.after@3');
      await estate.crashAt(point);
      await recover();
      await estate.inspect((clickhouse) => expectExactlyOnce(clickhouse, expected));
    },
  );

  it.each([undefined, 'ingest.rebuild.before', 'ingest.rebuild.after'])(
    'and ClickHouse had noted tokens but lost rows (killed again: %s)',
    async (point) => {
      await publishRound();
      await estate.crashAt('ingest.insert.after@4');
      const { first, last } = (await (await openClaims(estate.nc)).open('steps')).value;
      expect(last).toBeGreaterThan(0);
      await estate.inspect(async (clickhouse) => {
        for (const table of ['steps', 'completions'])
          await clickhouse.command(
            `DELETE FROM ${table} WHERE stream_seq BETWEEN ${first} AND ${last} AND stream_seq % 3 = 0`,
          );
        await clickhouse.command('ALTER TABLE step_minutes DROP PARTITION (202611, 0)');
      });
      if (point !== undefined) await estate.crashAt(point);
      expect(await recover()).toContain('rebuilding');
      await estate.inspect((clickhouse) => expectExactlyOnce(clickhouse, expected));
    },
  );

  it('which a build without the claim does not achieve', async () => {
    await publishRound();
    const options = { ...estate.addresses, claimBlocks: false };
    const process = startIngestProcess({ ...options, blockEvents: 100, crashPoint: 'ingest.insert.after@1' });
    expect(await process.ended).toBe('SIGKILL');
    const nudges = estate.nc.subscribe(subjects.nudge);
    const next = startIngestProcess({ ...options, blockEvents: 37 });
    for await (const message of nudges) if (nudge.parse(message.json()).stream_seq >= lastSeq) break;
    await next.stop();
    const [row] = await estate.inspect((clickhouse) =>
      clickhouse.query('SELECT count() > uniqExact(event_id) AS doubled FROM steps'),
    );
    expect(row?.['doubled']).toBe(1);
  });
});
