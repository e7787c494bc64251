import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import type { ConnectorSwitches } from '#platform/connector-switches.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { subscriptionCommands } from '../commands/subscription-commands.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { droppedSubscriptions } from './dropped-subscriptions.ts';
import { silentFeeds } from './silent-feeds.ts';
import { WarningBook } from './warning-book.ts';
import { watchWarnings } from './watch-warnings.ts';

export interface WarningsOptions {
  nc: NatsConnection;
  manager: JetStreamManager;
  estate: Pick<Estate, 'systems'>;
  kinds: Kinds;
  connectors: Connectors;
  switches: ConnectorSwitches;
  leases: Leases;
  log: Log;
  now: () => Date;
}

/** Early warnings: what to call to begin looking for them, on the one replica that holds the lease, and their commands. */
export async function openWarnings(options: WarningsOptions) {
  const { nc, estate, leases, log, now } = options;
  const book = new WarningBook(await openBucket(nc, buckets.warnings), now);
  const paces = await openBucket(nc, buckets.feedPaces);
  const shared = { ...options, systems: estate.systems };
  const subscriptions = droppedSubscriptions(shared);
  const evaluators = [silentFeeds({ ...shared, paces }), subscriptions];
  return {
    commands: subscriptionCommands({ ...shared, lookAgain: () => book.evaluate(subscriptions) }),
    begin: () => void leases.hold('warnings', (signal) => watchWarnings(signal, { book, evaluators, log })),
  };
}
