import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Estate } from '#contracts/v1/estate.ts';
import { watchConnectorStates } from '#platform/connector-states.ts';
import type { Leases } from '#platform/lease.ts';
import type { Log } from '#platform/log.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { CommandHandlers } from '#platform/nats/service.ts';
import type { Rates } from '#platform/rates.ts';
import type { CaseIndex } from './cases/case-index.ts';
import type { CaseStore } from './cases/case-store.ts';
import type { Replays } from './cases/replays.ts';
import { type RepairCommands, repairCommands } from './commands/repair-commands.ts';
import { putMapping } from './commands/mapping-commands.ts';
import type { Connectors } from './connectors/connectors.ts';
import type { Documents } from './documents.ts';
import type { Runners } from './flows/runners.ts';
import type { TransactionLog } from './flows/transaction-log.ts';
import type { MasterData } from './master/master-data.ts';
import { reasonToWait } from './repairs/gate.ts';
import { RunStore } from './repairs/run-store.ts';
import { startRepairRuns } from './repairs/runs.ts';
import { Trial } from './repairs/trial.ts';

export interface RepairsOptions {
  nc: NatsConnection;
  js: JetStreamClient;
  manager: JetStreamManager;
  publisher: Publisher;
  /** Names this process among the writers. */
  nonce: string;
  estate: Estate;
  rates: Pick<Rates, 'today'>;
  leases: Leases;
  log: Log;
  now: () => Date;
  /** Days that the events of a transaction are kept. */
  retentionDays: number;
  cases: CaseStore;
  index: CaseIndex;
  replays: Replays;
  runners: Runners;
  transactions: TransactionLog;
  connectors: Connectors;
  documents: Documents;
  master: Pick<MasterData, 'mapping' | 'putMapping'>;
  /** Why nobody is to replay the cases of a cause for now, if so. */
  onHold: (fingerprint: string) => string | undefined;
}

/** Repairs of many cases: what people may ask for, and the part that carries it out. */
export async function openRepairs(
  options: RepairsOptions,
): Promise<{ commands: Pick<CommandHandlers, RepairCommands>; stop(): Promise<void> }> {
  const {
    nc,
    js,
    manager,
    cases,
    index,
    replays,
    runners,
    transactions,
    connectors,
    documents,
    estate,
    onHold,
    log,
    now,
  } = options;
  const store = new RunStore(options);
  const states = await watchConnectorStates(nc, log);
  const gate = { estate, onHold, now, connector: (id: string) => states.all().get(id) };
  const running = await startRepairRuns({
    js,
    manager,
    now,
    retentionDays: options.retentionDays,
    leases: options.leases,
    store,
    cases,
    index,
    replays,
    documents,
    trial: new Trial({ cases, replays, runners, log: transactions, connectors, documents }),
    onHold,
    heldBecause: async ({ flow, key }) => (await transactions.reload(flow, key))?.state.held?.reason,
    reasonToWait: (run) => reasonToWait(gate, run),
    log,
  });
  return {
    commands: repairCommands({
      store,
      index,
      cases,
      rates: options.rates,
      onHold,
      now,
      putMapping: (request) => putMapping(request, options),
    }),
    stop: async () => {
      await running.stop();
      states.close();
    },
  };
}
