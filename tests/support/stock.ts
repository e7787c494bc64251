import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { Estate } from '#contracts/v1/estate.ts';
import { stepEvent, type StepEvent } from '#contracts/v1/step-event.ts';
import { streams } from '#contracts/v1/subjects.ts';
import { createLeases, type Leases } from '#platform/lease.ts';
import { silentLog } from '#platform/log.ts';
import { ensureStreams } from '#platform/nats/streams.ts';
import { callVerb } from '#sync-engine/connectors/call.ts';
import { Connectors } from '#sync-engine/connectors/connectors.ts';
import { Kinds } from '#sync-engine/connectors/kinds.ts';
import type { VerbOutput } from '#sync-engine/connectors/services.ts';
import type { ConnectorCall } from '#sync-engine/flows/inventory/connector-call.ts';
import { createStock, type Stock, type StockOptions } from '#sync-engine/stock/index.ts';
import { type JournalEntry, journalEntry } from '#sync-engine/stock/journal.ts';
import { testSecret } from './simulator.ts';

/** Calls verbs of the estate's connectors over HTTP, without the engine's limits. */
export function directCalls(estate: Estate): ConnectorCall {
  const kinds = new Kinds(estate);
  const connectors = new Map(
    estate.systems
      .filter((system) => system.role === 'channel' && system.kind === 'shopify')
      .map((system) => [system.id, kinds.of(system.id).open(system, (name) => testSecret(name.replace(/^env:/, '')))]),
  );
  return async (system, verb, input) => {
    const connector = connectors.get(system);
    const service = connector?.services[verb];
    if (!connector || !service) throw new Error(`${system} has no ${verb}`);
    const send = (call: Parameters<typeof connector.transport.send>[0]) =>
      connector.transport.send(call, { traceparent: '', timeoutMs: 5_000 });
    type V = typeof verb;
    const called = await callVerb(service as never, input, send);
    return (called as { output: VerbOutput<V> }).output;
  };
}

let changes = 0;

/** A count at dc-east that is newer than every one before it; what matters to the test is given. */
export function stockChange(sku: string, quantity: number, given: Partial<StockChange> = {}): StockChange {
  return {
    schema_version: 1,
    change_id: `change-${++changes}`,
    source: 'wms-east',
    sku,
    location: 'dc-east',
    reason: 'count',
    quantity,
    version: changes,
    occurred_at: new Date().toISOString(),
    ...given,
  };
}

export interface StockReplica {
  nc: NatsConnection;
  leases: Leases;
  stock: Stock;
  /** Releases everything, as a shutdown does. */
  stop(): Promise<void>;
}

let replicas = 0;

/** One engine replica's stock on its own connection; resolves when the partitions it can win are loaded. */
export async function startStock(
  url: string,
  options: Pick<StockOptions, 'estate'> & Partial<StockOptions> & { ttlMs?: number; wait?: boolean },
): Promise<StockReplica> {
  const { ttlMs = 2_000, wait = true, ...rest } = options;
  const nc = await connect({ servers: url, noAsyncTraces: true });
  await ensureStreams(nc, { replicas: 1, retentionDays: 30 });
  const leases = await createLeases(nc, { owner: `test-${process.pid}-${++replicas}`, ttlMs });
  const kinds = new Kinds(rest.estate);
  const connectors = Connectors.open(rest.estate, kinds, (name) => testSecret(name.replace(/^env:/, '')));
  const stock = createStock({
    nc,
    leases,
    log: silentLog,
    origin: 'simulated',
    publishCall: () => Promise.reject(new Error('nothing is published in this test')),
    publishEveryMs: 20,
    kinds,
    offers: (system, verb) => connectors.offers(system, verb),
    ...rest,
  });
  await stock.start();
  // Answered by every partition's writer, so all of them are loaded, here or in another replica.
  if (wait) await stock.client.reservation('nobody');
  return {
    nc,
    leases,
    stock,
    stop: async () => {
      await stock.stop();
      await leases.close();
      await connectors.close();
      await nc.drain();
    },
  };
}

/** Every message of a stream, in order. */
async function readStream(nc: NatsConnection, stream: string): Promise<{ subject: string; data: unknown }[]> {
  const manager = await jetstreamManager(nc);
  const { state } = await manager.streams.info(stream);
  if (state.messages === 0) return [];
  const consumer = await jetstream(nc).consumers.get(stream);
  const messages = await consumer.consume({ max_messages: 1000 });
  const found: { subject: string; data: unknown }[] = [];
  for await (const message of messages) {
    found.push({ subject: message.subject, data: message.json() });
    if (message.seq >= state.last_seq) break;
  }
  await messages.close();
  return found;
}

export const readSteps = async (nc: NatsConnection): Promise<StepEvent[]> =>
  (await readStream(nc, streams.steps)).map(({ data }) => stepEvent.parse(data));

/** The journal by partition. */
export async function readJournal(nc: NatsConnection): Promise<Map<number, JournalEntry[]>> {
  const journals = new Map<number, JournalEntry[]>();
  for (const { subject, data } of await readStream(nc, streams.stock)) {
    const partition = Number(subject.split('.')[1]);
    const entries = journals.get(partition) ?? [];
    entries.push(journalEntry.parse(data));
    journals.set(partition, entries);
  }
  return journals;
}
