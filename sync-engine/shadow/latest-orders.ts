import { AckPolicy, DeliverPolicy, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Kinds } from '../connectors/kinds.ts';
import { readIntakeHeaders } from '../intake/headers.ts';

/** Messages asked for at once; a wait for one that never comes ends after this. */
const BATCH = 2_000;
const WAIT_MS = 5_000;

/** Sequences on INTAKE of the last `wanted` messages that brought an order, in their order. */
export async function latestOrders(
  js: JetStreamClient,
  manager: JetStreamManager,
  kinds: Pick<Kinds, 'topic'>,
  wanted: number,
): Promise<number[]> {
  const { state } = await manager.streams.info(streams.intake);
  let found: number[] = [];
  let width = wanted * 4;
  for (let to = state.last_seq; to >= state.first_seq && to > 0 && found.length < wanted;) {
    const from = Math.max(state.first_seq, to - width + 1);
    found = [...(await ordersBetween(js, manager, kinds, from, to)), ...found];
    to = from - 1;
    width *= 2;
  }
  return found.slice(-wanted);
}

/** Sequences of the messages that brought an order, from `from` to `to`, both inclusive, that are still kept. */
export async function ordersBetween(
  js: JetStreamClient,
  manager: JetStreamManager,
  kinds: Pick<Kinds, 'topic'>,
  from: number,
  to: number,
): Promise<number[]> {
  const info = await manager.consumers.add(streams.intake, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
    filter_subject: subjects.intakeDomain('order'),
    headers_only: true,
    mem_storage: true,
    inactive_threshold: nanos(60_000),
  });
  const found: number[] = [];
  try {
    const consumer = await js.consumers.get(streams.intake, info.name);
    for (let left = info.num_pending; left > 0;) {
      const before = left;
      for await (const message of await consumer.fetch({ max_messages: Math.min(BATCH, left), expires: WAIT_MS })) {
        if (message.seq > to) return found;
        const { 'syncline-system': system, 'syncline-topic': topic } = readIntakeHeaders(message.headers);
        if (kinds.topic(system, topic)?.means === 'order_placed') found.push(message.seq);
        left--;
        if (message.seq === to) return found;
      }
      if (left === before) throw new Error('the orders on INTAKE could not be listed');
    }
    return found;
  } finally {
    await manager.consumers.delete(streams.intake, info.name).catch(() => undefined);
  }
}
