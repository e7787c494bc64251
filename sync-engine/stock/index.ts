import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import type { StandingEstate } from '#platform/standing-estate.ts';
import { STOCK_PARTITIONS } from '#contracts/v1/subjects.ts';
import { type Holding, LeaseLost, type Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import type { ConnectorCall } from '#sync-engine/flows/inventory/connector-call.ts';
import { startProjector } from '#sync-engine/flows/inventory/projector.ts';
import { startPublisher } from '#sync-engine/flows/inventory/publisher.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { createStockClient, type StockClient } from './client.ts';
import type { Outcome } from './cycle.ts';
import { isPushed, offeringOf, type Offers } from './offering.ts';
import type { RequestOptions } from './request.ts';
import { openSnapshots } from './snapshot.ts';
import { type LoadedWriter, runStockWriter } from './writer.ts';

export type { StockClient } from './client.ts';

export interface StockOptions {
  nc: NatsConnection;
  estate: Estate;
  /** The same with the modes that people decided; absent: nobody can. */
  standing?: StandingEstate;
  kinds: Pick<Kinds, 'isPulled'>;
  leases: Leases;
  log: Log;
  /** Sends quantities to channels, under their connectors' limits. */
  publishCall: ConnectorCall;
  /** Unless said, every channel takes them. */
  offers?: Offers;
  /** Origin of the steps of reservations, shipments and live changes. */
  origin: 'live' | 'simulated';
  now?: () => Date;
  /** Journal entries between two snapshots of a partition. */
  snapshotEvery?: number;
  /** Pause between two calls to one channel, in ms. */
  publishEveryMs?: number;
  requests?: RequestOptions;
}

export interface PartitionPosition {
  partition: number;
  /** Is its writer here, loaded and answering? */
  writing: boolean;
}

export interface Stock {
  client: StockClient;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** What this replica writes. */
  positions(): PartitionPosition[];
  /** Items each push channel has not confirmed, of the partitions written here. */
  backlog(): Record<string, number>;
}

/** Stock of one engine replica: it competes for the partitions, writes those it wins and publishes their availability. */
export function createStock(options: StockOptions): Stock {
  const { nc, estate, leases, log } = options;
  const now = options.now ?? (() => new Date());
  const offeringNow = () => offeringOf(options.standing?.now() ?? estate, options.kinds, options.offers);
  const loaded = new Map<number, LoadedWriter>();
  let holdings: Holding[] = [];
  // One that is only observed may go live; until then nothing is due there.
  const startPublishers = () =>
    estate.channels
      .filter(({ system }) => isPushed(options.kinds, options.offers, system))
      .map((channel) =>
        startPublisher({ channel, call: options.publishCall, log, now, everyMs: options.publishEveryMs ?? 250 }),
      );
  let publishers: ReturnType<typeof startPublishers> = [];

  async function writePartition(partition: number, signal: AbortSignal): Promise<void> {
    const snapshots = await openSnapshots(nc);
    const from = await snapshots.projected(partition);
    const projector = await startProjector({
      nc,
      log,
      partition,
      from,
      estate,
      origin: options.origin,
      savePosition: (n) => snapshots.saveProjected(partition, n),
    });
    const onEntry = (n: number, outcomes: Outcome[]): void => {
      projector.add(n, outcomes);
      if (loaded.has(partition)) for (const publisher of publishers) publisher.note(partition, outcomes);
    };
    let clean = false;
    try {
      await runStockWriter(
        {
          nc,
          partition,
          offering: offeringNow(),
          snapshots,
          log,
          now,
          snapshotEvery: options.snapshotEvery ?? 10_000,
          onEntry,
          onLoaded: (writer) => {
            loaded.set(partition, writer);
            offerOf(writer);
          },
          projectedUpTo: (n) => projector.upTo(n),
        },
        signal,
      );
      clean = !(signal.reason instanceof LeaseLost);
    } finally {
      loaded.delete(partition);
      for (const publisher of publishers) publisher.detach(partition);
      await projector.stop(!clean);
    }
  }

  /** Has a writer's items due wherever they are offered by now. */
  function offerOf(writer: LoadedWriter): void {
    writer
      .offer(offeringNow())
      .then(() => Promise.all(publishers.map((publisher) => publisher.attach(writer))))
      .catch((error: unknown) => log.warn({ err: error, partition: writer.partition }, 'stock writer ended'));
  }
  options.standing?.onChange(() => {
    for (const writer of loaded.values()) offerOf(writer);
  });

  return {
    client: createStockClient(nc, estate, options.requests),
    start: async () => {
      publishers = startPublishers();
      holdings = Array.from({ length: STOCK_PARTITIONS }, (_, partition) =>
        leases.hold(`stock.${partition}`, (signal) => writePartition(partition, signal)),
      );
    },
    stop: async () => {
      await Promise.all(publishers.map((publisher) => publisher.stop()));
      await Promise.all(holdings.map((holding) => holding.release()));
      holdings = [];
    },
    positions: () =>
      Array.from({ length: STOCK_PARTITIONS }, (_, partition) => ({ partition, writing: loaded.has(partition) })),
    backlog: () => Object.fromEntries(publishers.map((publisher) => [publisher.channel, publisher.backlog()])),
  };
}
