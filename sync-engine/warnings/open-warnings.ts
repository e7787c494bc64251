import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { buckets } from '#contracts/v1/subjects.ts';
import { watchConnectorStates } from '#platform/connector-states.ts';
import type { ConnectorSwitches } from '#platform/connector-switches.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import { openBucket } from '#platform/nats/kv.ts';
import { openUsers } from '#platform/users.ts';
import { subscriptionCommands } from '../commands/subscription-commands.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Kinds } from '../connectors/kinds.ts';
import type { MasterData } from '../master/master-data.ts';
import { droppedSubscriptions } from './dropped-subscriptions.ts';
import { expiring } from './expiring.ts';
import { nearLimits } from './near-limits.ts';
import { silentFeeds } from './silent-feeds.ts';
import { unownedMappingsOf } from './unowned-mappings.ts';
import { WarningBook } from './warning-book.ts';
import { watchWarnings } from './watch-warnings.ts';

export interface WarningsOptions {
  nc: NatsConnection;
  manager: JetStreamManager;
  /** As it stands now: with the modes that people decided. */
  estate: () => Pick<Estate, 'systems'>;
  kinds: Kinds;
  connectors: Connectors;
  master: Pick<MasterData, 'mappings'>;
  switches: ConnectorSwitches;
  leases: Leases;
  log: Log;
  now: () => Date;
}

/** Looks for what fails before long, on the one replica that holds the lease; and the commands that mend it. */
export async function openWarnings(options: WarningsOptions) {
  const { nc, estate, leases, log, now } = options;
  const book = new WarningBook(await openBucket(nc, buckets.warnings), now);
  const paces = await openBucket(nc, buckets.feedPaces);
  const shared = { ...options, systems: estate().systems };
  const isObserved = (id: string) => estate().systems.some((system) => system.id === id && system.mode === 'observe');
  const states = await watchConnectorStates(nc, log);
  const evaluators = [
    silentFeeds({ ...shared, paces }),
    droppedSubscriptions(shared),
    nearLimits({ ...shared, isObserved, states: () => states.all() }),
    expiring(shared),
    unownedMappingsOf({
      ...shared,
      users: await openUsers(nc, now),
      apiClients: await openBucket(nc, buckets.apiClients),
    }),
  ];
  leases.hold('warnings', (signal) => watchWarnings(signal, { book, evaluators, log }));
  return {
    commands: subscriptionCommands({ ...shared, isObserved, book }),
    stop: () => states.close(),
  };
}
