import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { buckets, streams, subjects } from '#contracts/v1/subjects.ts';
import { createIngest, defaultLimits } from '#ingest/ingest.ts';
import { readRows } from '#ingest/land.ts';
import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { startClickHouse } from '#tests/support/clickhouse.ts';
import { startNats } from '#tests/support/nats.ts';
import { orderEvents, subjectOf } from '#tests/support/step-events.ts';

export interface IngestFigures {
  /** Events a second through ingest, from the first read to the last visible. */
  steps_per_s: number;
  /** To the bare loop: an ordered consumer and raw inserts of the same block size into the same tables and views. */
  ratio: number;
  bare_steps_per_s: number;
  events: number;
  /** CPU of this process (client, validation and ClickHouse itself) in microseconds an event, by ingest and by the bare loop. */
  cpu_us: number;
  bare_cpu_us: number;
}

interface Run {
  steps_per_s: number;
  cpu_us: number;
}

/** The better of the runs: what else the machine does only ever slows one down. */
const best = (runs: Run[]): Run => runs.reduce((a, b) => (a.steps_per_s > b.steps_per_s ? a : b));

/**
 * Lands the same stream twice by each of two ways, in turn, each time into a ClickHouse of its own with every table and view: by a loop that does
 * nothing but read and insert (no validation, no claim, no token), and by ingest.
 */
export async function benchIngest(options: { events?: number } = {}): Promise<IngestFigures> {
  const nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'bench-ingest', log: silentLog });
  try {
    await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
    const events = await fill(nc, options.events ?? 500_000);
    const bareRuns: Run[] = [];
    const ownRuns: Run[] = [];
    for (let round = 0; round < 2; round++) {
      bareRuns.push(await inFreshClickHouse((clickhouse) => bareLoop(nc, clickhouse, events), events));
      ownRuns.push(await inFreshClickHouse((clickhouse) => throughIngest(nc, clickhouse, events), events));
      // Positions are kept in KV; the next round begins at the first event again.
      await (await jetstreamManager(nc)).streams.delete(`KV_${buckets.claims}`);
    }
    const bare = best(bareRuns);
    const own = best(ownRuns);
    return {
      steps_per_s: Math.round(own.steps_per_s),
      ratio: Math.round((own.steps_per_s / bare.steps_per_s) * 100) / 100,
      bare_steps_per_s: Math.round(bare.steps_per_s),
      events,
      cpu_us: Math.round(own.cpu_us * 10) / 10,
      bare_cpu_us: Math.round(bare.cpu_us * 10) / 10,
    };
  } finally {
    await nc.close();
    await nats.close();
  }
}

async function inFreshClickHouse(run: (clickhouse: ClickHouse) => Promise<number>, events: number): Promise<Run> {
  const store = await startClickHouse({ readers: 1 });
  try {
    const before = process.cpuUsage();
    const steps_per_s = await run(store.clickhouse);
    const { user, system } = process.cpuUsage(before);
    return { steps_per_s, cpu_us: (user + system) / events };
  } finally {
    await store.close();
  }
}

/** Fills STEPS with orders of the last hour by core publishes, and waits until the stream has them all. */
async function fill(nc: NatsConnection, wanted: number): Promise<number> {
  const manager = await jetstreamManager(nc);
  const start = Date.now() - 3_600_000;
  let sent = 0;
  for (let order = 0; sent < wanted; order++) {
    for (const event of orderEvents(order, start + order * 70)) {
      nc.publish(subjectOf(event), JSON.stringify(event));
      sent++;
    }
    // What JetStream has not stored yet queues up in the server; keep that short.
    if (order % 1_000 === 999) await stored(sent);
  }
  await stored(sent);
  return sent;

  async function stored(count: number): Promise<void> {
    await nc.flush();
    while ((await manager.streams.info(streams.steps)).state.messages < count)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function bareLoop(nc: NatsConnection, clickhouse: ClickHouse, events: number): Promise<number> {
  const began = performance.now();
  const consumer = await jetstream(nc).consumers.get(streams.steps, {
    filter_subjects: subjects.allSteps,
    deliver_policy: DeliverPolicy.All,
  });
  const messages = await consumer.consume({ max_messages: 4_000 });
  let block: Uint8Array[] = [];
  let read = 0;
  let inserting: Promise<void> = Promise.resolve();
  const newline = Buffer.from('\n');
  for await (const message of messages) {
    block.push(message.data, newline);
    read++;
    if (block.length < defaultLimits.events * 2 && read < events) continue;
    const rows = Buffer.concat(block);
    block = [];
    await inserting;
    inserting = clickhouse.insertRaw('steps_landing', rows, readRows);
    if (read === events) break;
  }
  await inserting;
  return (events * 1_000) / (performance.now() - began);
}

async function throughIngest(nc: NatsConnection, clickhouse: ClickHouse, events: number): Promise<number> {
  const landed = nc.subscribe(subjects.nudge);
  const metrics = createMetrics('bench', { defaults: false });
  const began = performance.now();
  const ingest = await createIngest({ nc, clickhouse, log: silentLog, metrics, shards: 1 });
  let ended = began;
  for await (const message of landed) {
    ended = performance.now();
    if (message.json<{ stream_seq: number }>().stream_seq >= events) break;
  }
  await ingest.close();
  const [count] = await clickhouse.query('SELECT count() AS n FROM steps');
  if (Number(count?.['n']) !== events) throw new Error(`ingest landed ${String(count?.['n'])} of ${events} events`);
  return (events * 1_000) / (ended - began);
}
