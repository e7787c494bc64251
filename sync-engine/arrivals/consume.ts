import type { ConsumerMessages, JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream';
import { type IntakeDomain, streams, subjects } from '#contracts/v1/subjects.ts';
import { crashPoint } from '#platform/crash-point.ts';
import type { Log } from '#platform/log.ts';
import { isOutage } from '../outage.ts';
import { ensureConsumer } from '../work/queues.ts';
import { Slots } from '../work/slots.ts';
import type { Arrival } from './arrival.ts';
import { arrivalOf } from './arrival-of.ts';

export interface ConsumeOptions {
  js: JetStreamClient;
  manager: JetStreamManager;
  domain: IntakeDomain;
  /** Arrivals handled at once by this replica. */
  concurrency: number;
  ackWaitMs: number;
  log: Log;
  handle(arrival: Arrival): Promise<void>;
  /** A message that failed this often inside the engine is set aside, so that everything behind it proceeds. */
  maxDeliveries: number;
  poison(arrival: Arrival, error: unknown): Promise<void>;
}

const RETRY_MS = 1_000;

/** All replicas share one consumer a domain. */
export const consumerOf = (domain: IntakeDomain): string => `intake-${domain}`;

/** Takes one domain's arrivals from INTAKE; all replicas share them. An arrival is acknowledged once handled. */
export async function consumeArrivals(options: ConsumeOptions): Promise<{ stop(): Promise<void> }> {
  const { js, manager, domain, concurrency, ackWaitMs } = options;
  const name = consumerOf(domain);
  await ensureConsumer(manager, streams.intake, name, subjects.intakeDomain(domain), ackWaitMs);
  const consumer = await js.consumers.get(streams.intake, name);
  const messages: ConsumerMessages = await consumer.consume({ max_messages: concurrency });
  const slots = new Slots(() => concurrency);
  const underWay = new Set<Promise<void>>();
  const pulling = (async () => {
    for await (const message of messages) {
      await slots.acquire(0);
      const task = handleOne(message, options).finally(() => {
        slots.release();
        underWay.delete(task);
      });
      underWay.add(task);
    }
  })();
  return {
    stop: async () => {
      messages.stop();
      await pulling;
      await Promise.all(underWay);
    },
  };
}

async function handleOne(message: JsMsg, options: ConsumeOptions): Promise<void> {
  const { log, domain } = options;
  const { seq, subject, headers: header, data, time } = message;
  const arrival = arrivalOf({ seq, subject, header, data, time });
  try {
    // A replica of another release may be able to read it.
    if (arrival.unreadable !== undefined) throw new Error(arrival.unreadable.message);
    await options.handle(arrival);
    crashPoint('engine.ack.before');
    message.ack();
    crashPoint('engine.ack.after');
  } catch (error) {
    const deliveries = message.info.deliveryCount;
    log.error({ err: error, domain, intake_seq: seq, deliveries }, 'an arrival could not be handled');
    if (deliveries < options.maxDeliveries || isOutage(error))
      // In an outage nothing is wrong with the message, however often it was offered.
      return message.nak(RETRY_MS);
    try {
      await options.poison(arrival, error);
      // Without a reason: a server before 2.10 takes no notice of one that is given with it.
      message.term();
    } catch (second) {
      log.error({ err: second, domain, intake_seq: seq }, 'an arrival could not be set aside; trying again');
      message.nak(RETRY_MS * 10);
    }
  }
}
