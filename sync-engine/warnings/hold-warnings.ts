import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { ConnectorSwitches } from '#platform/connector-switches.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { silentFeeds } from './silent-feeds.ts';
import { WarningBook } from './warning-book.ts';
import { watchWarnings } from './watch-warnings.ts';

export interface WarningsOptions {
  nc: NatsConnection;
  manager: JetStreamManager;
  estate: Pick<Estate, 'systems'>;
  kinds: Kinds;
  switches: ConnectorSwitches;
  leases: Leases;
  log: Log;
  now: () => Date;
}

/** Looks for what fails before long, on the one replica that holds the lease. */
export async function holdWarnings(options: WarningsOptions): Promise<void> {
  const { nc, estate, leases, log, now } = options;
  const book = new WarningBook(await openBucket(nc, buckets.warnings), now);
  const paces = await openBucket(nc, buckets.feedPaces);
  const evaluators = [silentFeeds({ ...options, systems: estate.systems, paces })];
  leases.hold('warnings', (signal) => watchWarnings(signal, { book, evaluators, log }));
}
