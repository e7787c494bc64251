import { headers, type NatsConnection } from '@nats-io/nats-core';
import { nudge } from '#contracts/v1/live.ts';
import type { DatedRate, StoredRate } from '#contracts/v1/rate.ts';
import { buckets, subjects } from '#contracts/v1/subjects.ts';
import { createIngest } from '#ingest/ingest.ts';
import type { ClickHouse } from '#platform/clickhouse/client.ts';
import { silentLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { rateKey } from '#platform/rates.ts';
import { subjectOf } from '#tests/support/step-events.ts';
import type { Story } from './estate.ts';

/** Each of so many events is sent twice, as a writer does whose acknowledgement was lost. */
const DOUBLED = 50;
/** So many are sent before the server has to have caught up. */
const AT_ONCE = 5_000;

/** Keeps a rate to USD that somebody set, as the engine does. */
export async function keepRate(nc: NatsConnection, rate: DatedRate): Promise<void> {
  const set = { set_by: 'fin@example.com', set_at: '2026-10-01T00:00:00.000Z', reason: '' };
  const stored: StoredRate = { ...rate, ...set, reporting_currency: 'USD', version: 1, former: [] };
  await (await openBucket(nc, buckets.rates)).put(rateKey(stored), JSON.stringify(stored));
}

/** Sends a story through the streams and ingest, in the order in which it arrives, and waits until it has landed. */
export async function landStory(nc: NatsConnection, clickhouse: ClickHouse, story: Story): Promise<void> {
  await ensureStreams(nc, { replicas: 1, retentionDays: 400 });
  const messages = [
    ...story.arrivals.map((event) => ({ subject: subjectOf(event), event })),
    ...story.cases.map((event) => ({ subject: subjects.case(event.state.case_id), event })),
  ];
  for (const [i, { subject, event }] of messages.entries()) {
    const id = headers();
    id.set('Nats-Msg-Id', event.event_id);
    const body = JSON.stringify(event);
    for (let copy = i % DOUBLED === 0 ? 2 : 1; copy > 0; copy--) nc.publish(subject, body, { headers: id });
    if (i % AT_ONCE === 0) await nc.flush();
  }
  await nc.flush();
  const nudges = nc.subscribe(subjects.nudge);
  const metrics = createMetrics('truth', { defaults: false });
  const ingest = await createIngest({ nc, clickhouse, log: silentLog, metrics, shards: 1 });
  for await (const message of nudges) {
    nudge.parse(message.json());
    const [landed] = await clickhouse.query(
      'SELECT (SELECT count() FROM steps) AS steps, (SELECT count() FROM case_events) AS cases',
    );
    if (landed?.['steps'] === story.arrivals.length && landed['cases'] === story.cases.length) break;
  }
  await ingest.close();
}
