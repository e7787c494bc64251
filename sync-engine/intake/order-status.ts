import { z } from 'zod';
import type { OrderStatus, OrderStep } from '#contracts/v1/channel-api.ts';
import { parseTransactionKey } from '#contracts/v1/key.ts';
import type { Lifecycle } from '#contracts/v1/order.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';

/** What of the checkpoint the answer needs. */
const checkpoint = z.object({ phase: z.string().optional(), blocked_by: z.string().optional() });

/** Where an order stands, from its step events in stream order. Undefined where there are none. */
export function orderStatus(events: readonly StepEvent[]): OrderStatus | undefined {
  const last = events.at(-1);
  if (last === undefined) return undefined;
  const state = checkpoint.catch({}).parse(last.state ?? {});
  return {
    key: last.key,
    number: last.business_key,
    system: parseTransactionKey(last.key)?.system ?? '',
    channel: last.channel,
    lifecycle: lifecycleOf(events),
    finished: state.phase === 'finished',
    ...(state.blocked_by === undefined ? {} : { case_id: state.blocked_by }),
    placed_at: last.occurred_at,
    updated_at: last.ended_at === '' ? last.started_at : last.ended_at,
    ...(last.deadline === '' ? {} : { deadline: last.deadline }),
    amount: last.amount,
    currency: last.currency,
    trace_id: last.trace_id,
    steps: latestSteps(events),
    shipments: events.filter(isShipment).map((event) => ({
      shipment: event.attributes['ref_shipment'] ?? '',
      location: event.location,
      tracking_number: event.attributes['ref_tracking_number'] ?? '',
      ...(event.attributes['units'] === undefined ? {} : { units: Number(event.attributes['units']) }),
      confirmed_at: event.ended_at,
    })),
  };
}

const isShipment = (event: StepEvent) => event.step === 'shipment_confirmed' && event.status === 'completed';

/** By milestones, whatever order they arrived in: the furthest one reached counts. */
export function lifecycleOf(events: readonly StepEvent[]): Lifecycle {
  const reached = (step: string) => events.some((event) => event.step === step && event.status === 'completed');
  if (reached('cancelled')) return 'cancelled';
  if (reached('returned')) return 'returned';
  if (reached('settle')) return 'financially_settled';
  if (reached('delivered')) return 'delivered';
  const shipments = events.filter(isShipment);
  if (shipments.some((event) => event.attributes['remaining_units'] === '0')) return 'shipped';
  if (shipments.length > 0) return 'partially_shipped';
  if (reached('wms_release')) return 'released_to_warehouse';
  if (reached('reserve_stock')) return 'allocated';
  return 'pending_validation';
}

/** The latest event of each step, one per shipment where a step repeats; in the order they first began. */
export function latestSteps(events: readonly StepEvent[]): OrderStep[] {
  const latest = new Map<string, StepEvent>();
  for (const event of events) latest.set(`${event.step} ${event.attributes['ref_shipment'] ?? ''}`, event);
  return [...latest.values()].map((event) => ({
    step: event.step,
    status: event.status,
    system: event.system,
    attempt: event.attempt,
    started_at: event.started_at,
    ended_at: event.ended_at,
    ...(event.error_class === '' ? {} : { error: errorOf(event, event.error_class) }),
    ...(event.case_id === '' ? {} : { case_id: event.case_id }),
  }));
}

const errorOf = (event: StepEvent, errorClass: Exclude<StepEvent['error_class'], ''>) => ({
  class: errorClass,
  code: event.error_code,
  path: event.error_path,
  message: event.error_message,
});
