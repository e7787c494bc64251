import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { Log } from '#platform/log.ts';
import type { KV } from '#platform/nats/kv.ts';
import type { Holding, Leases } from '#platform/lease.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Connectors } from '../connectors/connectors.ts';
import type { Documents } from '../documents.ts';
import type { Runners } from '../flows/runners.ts';
import type { TransactionLog } from '../flows/transaction-log.ts';
import type { EngineMetrics } from '../metrics.ts';
import { CallWorker } from './call-worker.ts';
import type { ConnectorDecisions } from './connector-decisions.ts';
import { ConnectorPump } from './connector-pump.ts';
import { ensureQueue } from './queues.ts';

export interface ConnectorWorkOptions {
  connectors: Connectors;
  runners: Runners;
  transactions: TransactionLog;
  documents: Documents;
  js: JetStreamClient;
  publisher: Publisher;
  manager: JetStreamManager;
  leases: Leases;
  waiting: KV;
  states: KV;
  log: Log;
  ackWaitMs: number;
  now: () => Date;
  metrics: EngineMetrics;
  decisions: ConnectorDecisions;
}

/** Competes for every connector's lease and works its queue while it holds it. */
export async function startConnectorWork(options: ConnectorWorkOptions): Promise<{ stop(): Promise<void> }> {
  const { connectors, runners, transactions, documents, leases, manager, ackWaitMs, now, metrics, decisions } = options;
  const holdings: Holding[] = [];
  for (const { system, connector, gate } of connectors.all()) {
    await ensureQueue(manager, system.id, ackWaitMs);
    const worker = new CallWorker({
      system,
      connector,
      gate: gate.run,
      paused: gate.paused,
      documents,
      log: transactions,
      runner: ({ flow }) => runners.get(flow),
      onCall: metrics.called,
      now,
      random: Math.random,
    });
    const pump = new ConnectorPump({
      ...options,
      system,
      worker,
      gate,
      onDrained: (drainedTo) => decisions.finishDrain(system.id, drainedTo),
      onState: metrics.connector,
    });
    holdings.push(leases.hold(`connector.${system.id}`, (signal) => pump.run(signal)));
  }
  return { stop: async () => void (await Promise.all(holdings.map((holding) => holding.release()))) };
}
