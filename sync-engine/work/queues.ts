import { AckPolicy, DeliverPolicy, type JetStreamManager, JetStreamApiError } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { type SlaClass, slaClasses, streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import { publishDurably } from '#platform/nats/publish.ts';
import type { Publisher } from '#platform/nats/publisher.ts';
import type { Work } from '../flows/runner.ts';

/** Queue of transactions to be driven on by any replica: after a command, a signal or a wait. */
export const FLOW_QUEUE = 'flow';

export const consumerName = (queue: string, slaClass: SlaClass) => `${queue}-${slaClass}`;

/** Puts work onto a queue. `id` makes a repeat within the duplicate window harmless; later ones meet the fence. */
export async function enqueueWork(
  publisher: Publisher,
  queue: string,
  slaClass: SlaClass,
  work: Work,
  id: string,
): Promise<void> {
  crashPoint('engine.enqueue.before');
  await publishDurably(publisher, subjects.work(queue, slaClass), JSON.stringify(work), { msgId: `${queue}/${id}` });
  crashPoint('engine.enqueue.after');
}

/** The durable pull consumers of one queue, one for each class. */
export async function ensureQueue(manager: JetStreamManager, queue: string, ackWaitMs: number): Promise<void> {
  for (const slaClass of slaClasses) {
    await ensureConsumer(
      manager,
      streams.work,
      consumerName(queue, slaClass),
      subjects.work(queue, slaClass),
      ackWaitMs,
    );
  }
}

const CONSUMER_EXISTS = 10013;

/** A durable pull consumer with explicit acknowledgement; an existing one is brought up to date. */
export async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  name: string,
  filter: string,
  ackWaitMs: number,
): Promise<void> {
  const config = {
    durable_name: name,
    filter_subject: filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: 2_000,
    max_deliver: -1,
  };
  try {
    await manager.consumers.add(stream, config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== CONSUMER_EXISTS) throw error;
    await manager.consumers.update(stream, name, { ack_wait: nanos(ackWaitMs), max_ack_pending: 2_000 });
  }
}
