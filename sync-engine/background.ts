import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Estate } from '#contracts/v1/estate.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import type { KV } from '#platform/nats/kv.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Alarms } from './alarms.ts';
import type { BackorderBook } from './backorders/backorder-book.ts';
import { watchBackorders } from './backorders/watch-backorders.ts';
import { carryForward } from './carry-forward.ts';
import { resolveAbandoned } from './cases/abandoned.ts';
import type { CaseIndex } from './cases/case-index.ts';
import type { CaseStore } from './cases/case-store.ts';
import type { Replays } from './cases/replays.ts';
import type { Kinds } from './connectors/kinds.ts';
import type { ConnectorCall } from './flows/inventory/connector-call.ts';
import type { OrderData, OrderEnv } from './flows/order/order-data.ts';
import type { Runner } from './flows/runner.ts';
import type { Runners } from './flows/runners.ts';
import type { TransactionLog } from './flows/transaction-log.ts';
import { serveDesk } from './service-desk/serve-desk.ts';
import type { StockClient } from './stock/client.ts';
import { sweepCases } from './sweeper.ts';
import type { Kicks } from './work/kicks.ts';

export interface BackgroundOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  publisher: Publisher;
  /** The estate as it stands. */
  estate: () => Estate;
  kinds: Kinds;
  leases: Leases;
  runners: Runners;
  orders: Runner<OrderData, OrderEnv>;
  alarms: Alarms;
  backorders: BackorderBook;
  kicks: Kicks;
  stock: Pick<StockClient, 'positions'>;
  cases: CaseStore;
  index: CaseIndex;
  replays: Replays;
  transactions: TransactionLog;
  retentionDays: number;
  /** One call outside any transaction. */
  call: ConnectorCall;
  /** What the service desk was told last. */
  told: KV;
  ackWaitMs: number;
  log: Log;
  now: () => Date;
}

/** What goes on without anybody asking for it, each on one replica at a time. */
export function holdBackground(options: BackgroundOptions): void {
  const { leases, runners, orders, backorders, alarms, kicks, stock, index, replays, log, now } = options;
  leases.hold('carry-forward', (signal) => carryForward(signal, options));
  leases.hold('alarms', (signal) => alarms.run(signal, runners, log));
  leases.hold('backorders', (signal) => watchBackorders(signal, { book: backorders, stock, orders, now, log }));
  leases.hold('service-desk', (signal) => serveDesk(signal, options));
  leases.hold('kicks', (signal) => kicks.run(signal));
  leases.hold('sweeper', (signal) =>
    sweepCases(signal, {
      index,
      apply: (state) => replays.apply(state, 'syncline'),
      resolveAbandoned: (id) => resolveAbandoned(id, { cases: options.cases, log: options.transactions, now }),
      now,
      log,
    }),
  );
}
