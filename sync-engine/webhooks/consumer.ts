import {
  AckPolicy,
  type Consumer,
  DeliverPolicy,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { streams, subjects } from '#contracts/v1/subjects.ts';
import type { Webhook } from '#contracts/v1/webhook.ts';

const CONSUMER_EXISTS = 10013;
const CONSUMER_NOT_FOUND = 10014;

const nameOf = (webhookId: string): string => `webhook-${webhookId}`;

/** A webhook's durable place in EVENTS; a new one begins with what happens from its creation on. */
export async function openConsumer(
  js: JetStreamClient,
  manager: JetStreamManager,
  { webhook_id, created_at }: Pick<Webhook, 'webhook_id' | 'created_at'>,
  ackWaitMs: number,
): Promise<Consumer> {
  try {
    await manager.consumers.add(streams.events, {
      durable_name: nameOf(webhook_id),
      filter_subject: subjects.allEvents,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.StartTime,
      opt_start_time: created_at,
      ack_wait: nanos(ackWaitMs),
      max_deliver: -1,
    });
  } catch (error) {
    if (!isError(error, CONSUMER_EXISTS)) throw error;
    await manager.consumers.update(streams.events, nameOf(webhook_id), { ack_wait: nanos(ackWaitMs) });
  }
  return js.consumers.get(streams.events, nameOf(webhook_id));
}

export async function removeConsumer(manager: JetStreamManager, webhookId: string): Promise<void> {
  try {
    await manager.consumers.delete(streams.events, nameOf(webhookId));
  } catch (error) {
    // One that was never served has none.
    if (!isError(error, CONSUMER_NOT_FOUND)) throw error;
  }
}

const isError = (error: unknown, code: number) => error instanceof JetStreamApiError && error.code === code;
