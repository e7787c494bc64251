import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CaseEvent } from '#contracts/v1/case.ts';
import { nudge, type Nudge } from '#contracts/v1/live.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { buckets, subjects } from '#contracts/v1/subjects.ts';
import { inventoryFreshness } from '#app/queries/inventory-freshness.ts';
import { createIngest, type Ingest, type IngestOptions } from '#ingest/ingest.ts';
import { type ClickHouse, ClickHouseFailure } from '#platform/clickhouse/client.ts';
import { silentLog } from '#platform/log.ts';
import { runQuery } from '#platform/clickhouse/query.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { startClickHouse, type TestClickHouse } from '#tests/support/clickhouse.ts';
import { type Expected, expectExactlyOnce } from '#tests/support/landed.ts';
import { startNats, type TestNats } from '#tests/support/nats.ts';
import { orderEvents, stepEvent, subjectOf } from '#tests/support/step-events.ts';

let store: TestClickHouse;
let nats: TestNats;
let nc: NatsConnection;
let js: JetStreamClient;
let expected: Expected;
let lastSeq: number;

const tables = [
  'steps',
  'step_minutes',
  'completions',
  'transaction_states',
  'order_standing',
  'transaction_references',
  'posting_states',
  'posting_attempts',
  'stock_levels',
  'told_levels',
  'inventory_items',
  'stock_changes',
  'case_events',
  'case_rows',
  'cause_states',
  'rejected_steps',
];

beforeAll(async () => {
  store = await startClickHouse();
});
afterAll(() => store.close());

// A NATS of its own for each test: claims and streams start from nothing, and so do the tables.
beforeEach(async () => {
  nats = await startNats();
  nc = await connectNats({ url: nats.url, name: 'test', log: silentLog });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  js = jetstream(nc);
  expected = { events: new Map(), rejected: new Set() };
  lastSeq = 0;
  for (const table of tables) await store.clickhouse.command(`TRUNCATE TABLE ${table}`);
  return async () => {
    await nc.close();
    await nats.close();
  };
});

const start = (options: Partial<IngestOptions> = {}): Promise<Ingest> =>
  createIngest({
    nc,
    clickhouse: store.clickhouse,
    log: silentLog,
    metrics: createMetrics('ingest', { defaults: false }),
    shards: 1,
    limits: { events: 150, lingerMs: 20 },
    leaseTtlMs: 600,
    ...options,
  });

async function publishOrders(from: number, to: number): Promise<void> {
  for (let order = from; order < to; order++)
    for (const event of orderEvents(order, Date.UTC(2026, 9, 20) + order * 1000)) {
      lastSeq = (await js.publish(subjectOf(event), JSON.stringify(event))).seq;
      expected.events.set(lastSeq, event);
    }
}

/** Resolves once as many distinct events are in `steps` as were published. */
async function untilLanded(): Promise<void> {
  const nudges = nc.subscribe(subjects.nudge);
  await nc.flush();
  const landed = async () => {
    const [row] = await store.clickhouse.query(
      'SELECT (SELECT uniqExact(stream_seq) FROM steps) + (SELECT uniqExact(stream_seq) FROM rejected_steps) AS n',
    );
    return Number(row?.['n']) >= expected.events.size + expected.rejected.size;
  };
  if (!(await landed())) for await (const _ of nudges) if (await landed()) break;
  nudges.unsubscribe();
}

describe('ingest', () => {
  it('lands every event once through eight shards', async () => {
    await publishOrders(0, 120);
    const ingest = await start({ shards: 8 });
    await untilLanded();
    await ingest.close();
    await expectExactlyOnce(store.clickhouse, expected);
    await expect(start({ shards: 1 })).rejects.toThrow('INGEST_SHARDS=8');
  });

  it('lets two race for the lease, and the second goes on where the first stopped', async () => {
    const other = await connectNats({ url: nats.url, name: 'other', log: silentLog });
    const [one, two] = await Promise.all([start({ owner: 'one' }), start({ owner: 'two', nc: other })]);
    await publishOrders(0, 60);
    await untilLanded();
    await one.close();
    await publishOrders(60, 120);
    await untilLanded();
    await two.close();
    await other.close();
    await expectExactlyOnce(store.clickhouse, expected);
  });

  it('stops when another wrote its claim, and the shard is taken up from the claim as it stands', async () => {
    const ingest = await start();
    await publishOrders(0, 30);
    await untilLanded();
    const claims = await openBucket(nc, buckets.claims);
    const claim = await claims.get('steps');
    await claims.put('steps', JSON.stringify({ ...claim?.json<object>(), nonce: 'usurper' }));
    await publishOrders(30, 60);
    await untilLanded();
    await ingest.close();
    await expectExactlyOnce(store.clickhouse, expected);
  });

  it('repeats an insert whose answer was lost without a second effect, and is not ready meanwhile', async () => {
    let failures = 3;
    const started: { ingest?: Ingest } = {};
    const reasons: string[] = [];
    const unreliable: ClickHouse = {
      ...store.clickhouse,
      insertRaw: async (...args) => {
        await store.clickhouse.insertRaw(...args);
        if (failures-- > 0) {
          setTimeout(() => void started.ingest?.ready().then((found) => reasons.push(...found)), 20);
          throw new ClickHouseFailure('socket hang up', undefined);
        }
      },
    };
    const ingest = await start({ clickhouse: unreliable });
    started.ingest = ingest;
    await publishOrders(0, 30);
    await untilLanded();
    expect(reasons).toContain('shard steps cannot land: socket hang up');
    expect(await ingest.ready()).toEqual([]);
    await ingest.close();
    await expectExactlyOnce(store.clickhouse, expected);
  });

  it('keeps what does not validate, with the reason, and lands what stands beside it', async () => {
    await publishOrders(0, 3);
    const refuse = async (body: string, subject = subjectOf(stepEvent(900, 1))) => {
      lastSeq = (await js.publish(subject, body)).seq;
      expected.rejected.add(lastSeq);
    };
    await refuse('{"v":1');
    await refuse(JSON.stringify(stepEvent(900, 1, { started_at: '1999-12-31T23:59:59.000Z', ended_at: '' })));
    await refuse(JSON.stringify(stepEvent(900, 1, { ended_at: '2026-10-01T09:00:00.000Z' })));
    await refuse(JSON.stringify(stepEvent(900, 1, { status: 'finished' as 'completed' })));
    await refuse(JSON.stringify({ ...stepEvent(900, 1), stream_seq: 1 }));
    await refuse(JSON.stringify(stepEvent(901, 1)));
    // The contract cannot see a name given twice; ClickHouse refuses the row.
    await refuse(JSON.stringify(stepEvent(900, 1)).replace('{"v":1,', '{"v":1,"ordinal":7,'));
    await publishOrders(3, 6);
    const ingest = await start();
    await untilLanded();
    await ingest.close();
    await expectExactlyOnce(store.clickhouse, expected);
    const rejected = await store.clickhouse.query('SELECT path, reason FROM rejected_steps ORDER BY stream_seq');
    expect(rejected.map((row) => row['path'])).toEqual(['', '/started_at', '/ended_at', '/status', '', '/key', '']);
    expect(rejected[1]?.['reason']).toBe('lies before the year 2000: 1999-12-31T23:59:59.000Z');
    expect(rejected[6]?.['reason']).toContain('Duplicate field');
  });

  it('lands case events and the latest state of each case', async () => {
    const ingest = await start();
    const nudges = nc.subscribe(subjects.nudge);
    await publishOrders(0, 1);
    for (const [revision, status] of [
      [1, 'open'],
      [2, 'assigned'],
    ] as const)
      await js.publish(subjects.case('c-1'), JSON.stringify(caseEvent(revision, status)));
    const seen = new Set<string>();
    for await (const message of nudges) {
      for (const topic of nudge.parse(message.json()).topics) seen.add(topic);
      const [row] = await store.clickhouse.query('SELECT count() AS n FROM case_events');
      // An announcement may come after the rows it speaks of have been seen.
      if (row?.['n'] === 2 && seen.has('cases')) break;
    }
    await ingest.close();
    const cases = await store.clickhouse.query(
      'SELECT case_id, revision, status, amount, error_class, error_path, opened_at, is_open FROM cases',
    );
    expect(cases).toEqual([
      {
        case_id: 'c-1',
        revision: 2,
        status: 'assigned',
        amount: '129.9',
        error_class: 'mapping',
        error_path: '/lines/0/taxes/0/code',
        opened_at: '2026-10-01T10:00:00.000Z',
        is_open: 1,
      },
    ]);
  });

  it('knows which orders are open, also where their channel updates them later', async () => {
    const story = async (order: number, ...steps: [step: string, status: StepEvent['status']][]) => {
      for (const [i, [step, status]] of steps.entries()) {
        const event = stepEvent(order, i + 1, { step, status });
        lastSeq = (await js.publish(subjectOf(event), JSON.stringify(event))).seq;
        expected.events.set(lastSeq, event);
      }
    };
    await story(1, ['validate', 'skipped']);
    await story(2, ['validate', 'skipped'], ['channel_update_received', 'skipped']);
    await story(3, ['validate', 'completed'], ['channel_update_received', 'superseded']);
    await story(4, ['settle', 'completed'], ['channel_update_received', 'superseded']);
    await story(5, ['validate', 'completed'], ['acknowledge_channel', 'skipped']);
    const ingest = await start();
    await untilLanded();
    await ingest.close();
    const open = await store.clickhouse.query('SELECT key FROM transactions WHERE is_open ORDER BY key');
    expect(open.map(({ key }) => key)).toEqual([stepEvent(3, 1).key, stepEvent(5, 1).key]);
  });

  it('knows where stock stands and what each channel was told', async () => {
    const stock = (ordinal: number, given: Parameters<typeof stepEvent>[2]) =>
      stepEvent(1, ordinal, {
        flow: 'inventory_sync',
        sku: 'SKU-7',
        location: 'dc-east',
        key: 'wms-east==SKU-7',
        ...given,
      });
    const events = [
      stock(1, { step: 'stock_changed', attributes: { on_hand: '10', reserved: '2', sellable: '7', version: '1' } }),
      stock(2, {
        step: 'stock_changed',
        attributes: { on_hand: '9', reserved: '2', sellable: '6', version: '2', behind: 'web-us' },
      }),
      stock(3, { step: 'publish_availability', attributes: { quantity: '6', version: '2', coalesced: '2' } }),
    ];
    for (const event of events) {
      lastSeq = (await js.publish(subjectOf(event), JSON.stringify(event))).seq;
      expected.events.set(lastSeq, event);
    }
    const ingest = await start();
    await untilLanded();
    await ingest.close();
    expect(
      await store.clickhouse.query('SELECT on_hand, reserved, sellable, version FROM inventory_positions'),
    ).toEqual([{ on_hand: 9, reserved: 2, sellable: 6, version: 2 }]);
    expect(await store.clickhouse.query('SELECT channel, quantity, version, coalesced FROM publications')).toEqual([
      { channel: 'web-us', quantity: 6, version: 2, coalesced: 2 },
    ]);
    // A shipment takes from hand and from reserved alike: nothing to publish, so nothing waits. A receipt is to be told.
    const waiting = async () => {
      const params = { locations: ['dc-east'], channels: ['web-us'], stale_before: new Date().toISOString() };
      const [figures] = await runQuery(store.clickhouse, inventoryFreshness, params);
      return [figures?.items, figures?.waiting, figures?.stale];
    };
    const land = async (event: ReturnType<typeof stock>) => {
      lastSeq = (await js.publish(subjectOf(event), JSON.stringify(event))).seq;
      expected.events.set(lastSeq, event);
      const again = await start();
      await untilLanded();
      await again.close();
    };
    expect(await waiting()).toEqual([1, 0, 0]);
    await land(
      stock(4, { step: 'stock_changed', attributes: { on_hand: '8', reserved: '1', sellable: '6', version: '3' } }),
    );
    expect(await waiting()).toEqual([1, 0, 0]);
    const receipt = { on_hand: '20', reserved: '1', sellable: '18', version: '4', behind: 'web-eu web-us' };
    await land(stock(5, { step: 'stock_changed', attributes: receipt }));
    expect(await waiting()).toEqual([1, 1, 1]);
    await land(
      stock(6, { step: 'publish_availability', attributes: { quantity: '18', version: '4', coalesced: '1' } }),
    );
    expect(await waiting()).toEqual([1, 0, 0]);
  });

  it('nudges at most twice a second, with the keys it touched', async () => {
    const received: Nudge[] = [];
    const nudges = nc.subscribe(subjects.nudge, {
      callback: (_, message) => void received.push(nudge.parse(message.json())),
    });
    const ingest = await start({ limits: { events: 20, lingerMs: 10 } });
    await publishOrders(0, 80);
    await untilLanded();
    await ingest.close();
    // What ingest sent at its end has come when the server answers.
    await nc.flush();
    nudges.unsubscribe();
    // The one sent at the end need not wait.
    const times = received.slice(0, -1).map((one) => Date.parse(one.at));
    for (const [i, time] of times.slice(1).entries()) expect(time - (times[i] ?? 0)).toBeGreaterThanOrEqual(495);
    expect(new Set(received.flatMap((one) => one.keys)).size).toBe(80);
  });
});

function caseEvent(revision: number, status: CaseEvent['state']['status']): CaseEvent {
  return {
    v: 1,
    event_id: `c-1:${revision}`,
    type: revision === 1 ? 'opened' : 'assigned',
    at: '2026-10-01T10:00:00.000Z',
    actor: 'engine',
    note: '',
    detail: {},
    writer: 'engine-1',
    state: {
      v: 1,
      case_id: 'c-1',
      status,
      revision,
      flow: 'order_to_cash',
      key: 'shopify-us==1',
      trace_id: '0'.repeat(32),
      business_key: '#1001',
      step: 'validate',
      system: 'syncline',
      channel: 'web-us',
      legal_entity: 'us-retail',
      fingerprint: 'abc',
      problems: [
        {
          error_class: 'mapping',
          error_code: 'unmapped_tax_code',
          path: '/lines/0/taxes/0/code',
          document: 'canonical',
          message: 'No tax code is mapped.',
        },
      ],
      amount: '129.90',
      currency: 'USD',
      deadline: '',
      origin: 'live',
      assignee: '',
      payload_version: 1,
      failed_ordinal: 3,
      times_failed: 1,
      opened_at: '2026-10-01T10:00:00.000Z',
      updated_at: '2026-10-01T10:00:00.000Z',
      closed_at: '',
      outcome: '',
    },
  };
}
