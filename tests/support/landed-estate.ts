import { nudge } from '#contracts/v1/live.ts';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import { createIngest } from '#ingest/ingest.ts';
import { createMetrics } from '#platform/metrics.ts';
import { readLast } from '#platform/nats/publish.ts';
import { startClickHouse, type TestClickHouse } from './clickhouse.ts';
import { startEngine, type TestEngine } from './engine.ts';

/** An estate whose events land in a ClickHouse of its own. */
export interface LandedEstate {
  estate: TestEngine;
  store: TestClickHouse;
  /** Resolves once everything on STEPS is visible in ClickHouse, told by ingest's own nudges. */
  untilLanded(): Promise<void>;
  close(): Promise<void>;
}

export async function startLandedEstate(options: Parameters<typeof startEngine>[0] = {}): Promise<LandedEstate> {
  const estate = await startEngine(options);
  const store = await startClickHouse();
  const ingest = await createIngest({
    nc: estate.nc,
    clickhouse: store.clickhouse,
    log: estate.log,
    metrics: createMetrics('test', { defaults: false }),
    shards: 1,
  });
  return {
    estate,
    store,
    untilLanded: async () => {
      const nudges = estate.nc.subscribe(subjects.nudge);
      const last = (await readLast(estate.manager, streams.steps, subjects.allSteps))?.seq ?? 0;
      const landed = async () =>
        Number((await store.clickhouse.query('SELECT max(stream_seq) AS seq FROM steps'))[0]?.['seq'] ?? 0) >= last;
      if (await landed()) return nudges.unsubscribe();
      for await (const message of nudges) if (nudge.parse(message.json()).stream_seq >= last) break;
    },
    close: async () => {
      await ingest.close();
      await store.close();
      await estate.close();
    },
  };
}
