import {
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/nats-core';
import { streams } from '#contracts/v1/subjects.ts';
import { createdAtOnce } from './created-at-once.ts';

const minutes = (n: number) => nanos(n * 60_000);
const days = (n: number) => minutes(n * 24 * 60);

export interface StreamLimits {
  /** 3 on a cluster, 1 on a single server. */
  replicas: number;
  /** How long the events and payloads of a transaction are kept in NATS. */
  retentionDays: number;
}

/** JetStream answers a repeated Nats-Msg-Id with the first message for this long; longer than any redelivery. */
const duplicateWindow = minutes(2);

/** Acts of people are kept longer than the transactions they were about. */
const auditDays = 400;

function definitions(limits: StreamLimits): Partial<StreamConfig>[] {
  const log = { retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old, max_age: days(limits.retentionDays) };
  return [
    { name: streams.intake, subjects: ['intake.>'], ...log },
    { name: streams.steps, subjects: ['steps.>'], ...log },
    { name: streams.payloads, subjects: ['payloads.>'], ...log },
    { name: streams.events, subjects: ['events.>'], ...log },
    { name: streams.deliveries, subjects: ['deliveries.>'], ...log },
    { name: streams.cases, subjects: ['cases.>'], retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old },
    { name: streams.audit, subjects: ['audit.>'], ...log, max_age: days(auditDays) },
    // Rules stay until they are changed; what was repaired, as long as the acts that led to it.
    { name: streams.repairs, subjects: ['repairs.>'], retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old },
    // An open break stays as long as it is open, however old; what is over is taken out by the engine.
    {
      name: streams.reconciliation,
      subjects: ['reconciliation.>'],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
    },
    // Few, and read long after.
    {
      name: streams.incidents,
      subjects: ['incidents.>'],
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
    },
    { name: streams.stock, subjects: ['stock.*'], retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old },
    { name: streams.work, subjects: ['work.>'], retention: RetentionPolicy.Workqueue, discard: DiscardPolicy.New },
  ];
}

const STREAM_NAME_IN_USE = 10058;

/** Creates the streams that are missing and brings the rest up to date. Safe to run from several processes at once. */
export async function ensureStreams(nc: NatsConnection, limits: StreamLimits): Promise<void> {
  const manager = await jetstreamManager(nc);
  for (const definition of definitions(limits)) {
    const config = complete(definition, limits);
    if (!(await added(manager, config))) await manager.streams.update(config.name, config);
  }
}

/** Creates one stream where it is missing and leaves it as it is otherwise; the engine gives it its copies. */
export async function addStream(manager: JetStreamManager, name: string): Promise<void> {
  const limits: StreamLimits = { replicas: 1, retentionDays: 30 };
  const definition = definitions(limits).find((one) => one.name === name);
  if (definition === undefined) throw new Error(`There is no stream ${name}.`);
  await added(manager, complete(definition, limits));
}

const complete = (definition: Partial<StreamConfig>, limits: StreamLimits): StreamConfig =>
  ({
    ...definition,
    storage: StorageType.File,
    num_replicas: limits.replicas,
    duplicate_window: duplicateWindow,
    allow_direct: true,
  }) as StreamConfig;

/** @returns false where a stream of this name, of another configuration, is there already. */
async function added(manager: JetStreamManager, config: StreamConfig): Promise<boolean> {
  try {
    await createdAtOnce(() => manager.streams.add(config));
    return true;
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NAME_IN_USE) throw error;
    return false;
  }
}
