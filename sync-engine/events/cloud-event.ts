import {
  type CloudEvent,
  cloudEvent,
  eventData,
  eventSchemaName,
  eventType,
  type EventName,
} from '#contracts/v1/business-event.ts';
import { isOutsideWriter } from '#contracts/v1/outside-writer.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { CHANNEL_DRIFT } from '../stock/cycle.ts';
import { type Happened, orderEvent } from './order-events.ts';

/** The business event that a step tells of; undefined where it is our own affair. Pure: the same step, the same event. */
export function cloudEventOf(event: StepEvent): { name: EventName; event: CloudEvent } | undefined {
  // Nobody is told of the past, nor by us of what another system did.
  if (event.origin === 'backfill' || isOutsideWriter(event.writer)) return undefined;
  const happened = happenedIn(event);
  if (happened === undefined) return undefined;
  const { name } = happened;
  // Another producer's step may lack what the event promises: it is shown in the console and goes no further.
  const data = eventData[name].safeParse(happened.data);
  if (!data.success) return undefined;
  const isStock = event.flow === 'inventory_sync';
  return {
    name,
    event: cloudEvent.parse({
      specversion: '1.0',
      id: event.event_id,
      source: isStock ? '/syncline/stock' : '/syncline/orders',
      type: eventType(name),
      subject: isStock ? event.business_key : event.key,
      time: event.ended_at,
      datacontenttype: 'application/json',
      dataschema: `urn:syncline:v1:${eventSchemaName(name)}`,
      sequence: String(isStock ? (event.attributes['version'] ?? 0) : event.ordinal).padStart(20, '0'),
      traceparent: `00-${event.trace_id}-${event.span_id}-01`,
      origin: event.origin,
      data: data.data,
    }),
  };
}

function happenedIn(event: StepEvent): Happened | undefined {
  if (event.flow === 'order_to_cash') return orderEvent(event);
  if (event.flow === 'inventory_sync' && event.step === 'stock_changed' && event.status === 'completed')
    return stockEvent(event);
  return undefined;
}

function stockEvent({ sku, location, attributes }: StepEvent): Happened | undefined {
  // It was a channel that changed: our stock is what it was.
  if (attributes['reason'] === CHANNEL_DRIFT) return undefined;
  const number = (name: string) => Number(attributes[name]);
  return {
    name: 'stock.changed.v1',
    data: {
      sku,
      location,
      on_hand: number('on_hand'),
      reserved: number('reserved'),
      in_transit: number('in_transit'),
      sellable: number('sellable'),
      version: number('version'),
      reasons: (attributes['reason'] ?? '').split(' ').filter(Boolean),
    },
  };
}
