import { setTimeout as delay } from 'node:timers/promises';
import { loadBundle } from '#app/server/bundle.ts';
import { createConsole } from '#app/server/console.ts';
import { createIngest } from '#ingest/ingest.ts';
import { type ClickHouse, openClickHouse } from '#platform/clickhouse/client.ts';
import { migrate } from '#platform/clickhouse/migrate.ts';
import { createLog } from '#platform/log.ts';
import { createMetrics } from '#platform/metrics.ts';
import { connectNats } from '#platform/nats/connect.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { SIGHTINGS } from './sightings.ts';

// Console and ingest in one process, as embedded mode runs them, with a reader beside that asks all the time how far
// ClickHouse has come and tells the benchmark. Arguments: NATS' address, the console's port, ClickHouse's folder, the
// folder of the built console.
const [natsUrl = '', port = '', folder = '', built = ''] = process.argv.slice(2);
const log = createLog({ service: 'console', level: 'warn' });
const nats = await connectNats({ url: natsUrl, name: 'bench-console', log });
const clickhouse = await openClickHouse({ path: folder });
await migrate(clickhouse);
const ingest = await createIngest({ nc: nats, clickhouse, log, metrics: createMetrics('ingest'), shards: 1 });
const host = await createConsole({
  nats,
  clickhouse,
  estate: testEstate(),
  log,
  bundle: await loadBundle(built),
  metrics: createMetrics('console'),
});
await host.listen(Number(port), '127.0.0.1');
const stopped = new AbortController();
const watching = watch(clickhouse, stopped.signal);
process.once('SIGTERM', () => void stop());

async function watch(reads: ClickHouse, signal: AbortSignal): Promise<void> {
  let seen = 0;
  while (!signal.aborted) {
    const [row] = await reads.query('SELECT max(stream_seq) AS seq FROM steps WHERE stream_seq > {seen:UInt64}', {
      params: { seen },
    });
    const seq = Number(row?.['seq'] ?? 0);
    if (seq > seen) {
      seen = seq;
      nats.publish(SIGHTINGS, JSON.stringify({ at: Date.now(), seq }));
    }
    await delay(10);
  }
}

async function stop(): Promise<void> {
  stopped.abort();
  await watching;
  await host.close();
  await ingest.close();
  await nats.drain();
  await clickhouse.close();
  process.exit(0);
}
