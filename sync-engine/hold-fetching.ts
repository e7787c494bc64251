import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Secrets } from './connectors/connector.ts';
import type { Connectors } from './connectors/connectors.ts';
import type { Kinds } from './connectors/kinds.ts';
import type { ExchangeBook } from './files/exchange-book.ts';
import { holdFileExchanges } from './files/take-files.ts';
import { createPublishFetched } from './intake/fetched-message.ts';
import type { EngineMetrics } from './metrics.ts';
import { openCursorBook } from './polls/cursor-book.ts';
import { holdPolls } from './polls/hold-polls.ts';

interface Options {
  nc: NatsConnection;
  estate: Estate;
  /** The estate as it stands. */
  standing: () => Estate;
  kinds: Kinds;
  connectors: Connectors;
  secrets: Secrets;
  leases: Leases;
  publisher: Publisher;
  book: ExchangeBook;
  metrics: Pick<EngineMetrics, 'looked'>;
  log: Log;
  now: () => Date;
}

/** Fetches what systems do not send by themselves: files that they leave for us, and answers to what is new. */
export async function holdFetching(options: Options): Promise<void> {
  const shared = { ...options, publish: createPublishFetched(options) };
  holdFileExchanges({ ...shared, gateOf: (system) => options.connectors.gateOf(system) });
  holdPolls({ ...shared, cursors: await openCursorBook(options.nc), onLook: options.metrics.looked });
}
