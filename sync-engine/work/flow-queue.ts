import type { JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import { slaClasses, streams } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import type { Work } from '../flows/runner.ts';
import type { Runners } from '../flows/runners.ts';
import { consumerName, ensureQueue, FLOW_QUEUE } from './queues.ts';
import { Slots } from './slots.ts';

const CONCURRENCY = 32;
const RETRY_MS = 1_000;

/** Drives transactions that were asked to go on: after a command, or a replay. All replicas share the queue. */
export async function startFlowQueue(options: {
  js: JetStreamClient;
  manager: JetStreamManager;
  runners: Runners;
  log: Log;
  ackWaitMs: number;
}): Promise<{ stop(): Promise<void> }> {
  const { js, manager, runners, log } = options;
  await ensureQueue(manager, FLOW_QUEUE, options.ackWaitMs);
  const slots = new Slots(() => CONCURRENCY);
  const underWay = new Set<Promise<void>>();
  const sources = await Promise.all(
    slaClasses.map(async (slaClass) => {
      const consumer = await js.consumers.get(streams.work, consumerName(FLOW_QUEUE, slaClass));
      return consumer.consume({ max_messages: CONCURRENCY });
    }),
  );

  const drive = async (message: JsMsg): Promise<void> => {
    try {
      const { flow, key } = message.json<Work>();
      await runners.get(flow)?.resume(key);
      crashPoint('engine.ack.before');
      message.ack();
      crashPoint('engine.ack.after');
    } catch (error) {
      log.error({ err: error, deliveries: message.info.deliveryCount }, 'a transaction could not be driven on');
      message.nak(RETRY_MS);
    }
  };
  const pulling = sources.map(async (messages, rank) => {
    for await (const message of messages) {
      await slots.acquire(rank);
      const task = drive(message).finally(() => {
        slots.release();
        underWay.delete(task);
      });
      underWay.add(task);
    }
  });
  return {
    stop: async () => {
      for (const messages of sources) messages.stop();
      await Promise.all(pulling);
      await Promise.all(underWay);
    },
  };
}
