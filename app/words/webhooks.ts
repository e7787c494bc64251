import type { EventName } from '#contracts/v1/business-event.ts';
import type { DeliveryOutcome, Webhook, WebhookHealth } from '#contracts/v1/webhook.ts';
import type { StateWords } from './repairs.ts';

const outcomes: Record<DeliveryOutcome, StateWords> = {
  delivered: { word: 'delivered', condition: 'good' },
  retrying: { word: 'tried again', condition: 'warn' },
  given_up: { word: 'given up', condition: 'bad' },
  disabled: { word: 'endpoint disabled', condition: 'bad' },
};

/** What became of one attempt, by word and shape. */
export const deliveryWords = (outcome: DeliveryOutcome): StateWords => outcomes[outcome];

/** How a webhook does, by word and shape. */
export function webhookWords({ status }: Webhook, health: WebhookHealth | undefined): StateWords {
  if (status === 'disabled') return { word: 'disabled', condition: 'bad' };
  if (status === 'paused') return { word: 'paused', condition: 'none' };
  if (health === undefined) return { word: 'nothing told yet', condition: 'none' };
  if (health.failures > 0) return { word: 'failing', condition: 'warn' };
  return health.waiting > 0 ? { word: 'catching up', condition: 'info' } : { word: 'well', condition: 'good' };
}

const events: Record<EventName, string> = {
  'order.accepted.v1': 'Order accepted',
  'order.allocated.v1': 'Order allocated',
  'order.released.v1': 'Order released to a warehouse',
  'order.shipped.v1': 'Parcel shipped',
  'order.delivered.v1': 'Order delivered',
  'order.invoiced.v1': 'Order invoiced',
  'order.settled.v1': 'Order settled',
  'order.cancelled.v1': 'Order cancelled',
  'order.held.v1': 'Order held by a person',
  'order.resumed.v1': 'Order let go by a person',
  'order.stopped.v1': 'Order stopped by a case',
  'stock.changed.v1': 'Stock changed',
};

/** A type of event in words. */
export const eventWords = (name: EventName): string => events[name];
