import { z } from 'zod';
import { errorClass } from './step-event.ts';
import { currencyCode, decimal, instant, quantity, sku, slug } from './primitives.ts';

/** What happened to whom, without personal data: who ordered, where it goes and what was paid with stay inside. */
const orderFacts = {
  key: z.string().min(3).max(300),
  number: z.string().max(200),
  system: z.string().max(200),
  external_id: z.string().max(300),
  channel: z.string().max(200),
  region: z.string().max(200),
  legal_entity: z.string().max(200),
  brand: z.string().max(200),
  placed_at: instant,
  /** Total of the order; both are empty as long as it could not be read. */
  amount: z.union([z.literal(''), decimal]),
  currency: z.union([z.literal(''), currencyCode]),
  /** Version of the received payload: 1 as it came, more where somebody corrected it. */
  payload_version: z.int().nonnegative(),
};
const ofOrder = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ ...orderFacts, ...shape });
const document = z.object({ system: z.string().max(200), number: z.string().max(200) });

/** Data of each type of business event. A type's version ends its name; within one, data only grows. */
export const eventData = {
  /** The order is understood and valid; again with each correction of its payload. */
  'order.accepted.v1': ofOrder({}),
  /** Stock is set aside for it. */
  'order.allocated.v1': ofOrder({ location: z.string().max(200) }),
  /** A warehouse was told to pick it. */
  'order.released.v1': ofOrder({ location: z.string().max(200) }),
  /** One parcel left; `remaining_units` are still to be shipped. */
  'order.shipped.v1': ofOrder({
    shipment: z.object({
      id: z.string().max(128),
      location: z.string().max(200),
      carrier: z.string().max(100),
      tracking_number: z.string().max(100),
      shipped_at: instant,
      lines: z.array(z.object({ line_id: z.string().max(64), sku, quantity })),
    }),
    remaining_units: quantity,
  }),
  /** All of its parcels have arrived. */
  'order.delivered.v1': ofOrder({ delivered_at: instant }),
  'order.invoiced.v1': ofOrder({ document }),
  /** Nothing is left to do. */
  'order.settled.v1': ofOrder({}),
  'order.cancelled.v1': ofOrder({}),
  /** A person keeps it where it is, or lets it go on. */
  'order.held.v1': ofOrder({}),
  'order.resumed.v1': ofOrder({}),
  /** It cannot go on without a person: a case is open. */
  'order.stopped.v1': ofOrder({
    case_id: z.string().max(64),
    step: z.string().max(64),
    error_class: z.union([z.literal(''), errorClass]),
    error_code: z.string().max(200),
  }),
  /** Stock of one SKU at one location is another than before; a higher `version` is newer. */
  'stock.changed.v1': z.object({
    sku,
    location: slug,
    on_hand: z.int(),
    reserved: quantity,
    in_transit: quantity,
    sellable: quantity,
    version: z.int().nonnegative(),
    reasons: z.array(z.string().max(64)),
  }),
} as const;
export type EventName = keyof typeof eventData;
export type EventData<N extends EventName> = z.infer<(typeof eventData)[N]>;

export const eventNames = Object.keys(eventData) as [EventName, ...EventName[]];
export const eventName = z.enum(eventNames);

const TYPE_PREFIX = 'com.syncline.';
/** `com.syncline.order.shipped.v1` */
export const eventType = (name: EventName): string => `${TYPE_PREFIX}${name}`;
/** File of its schema in contracts/schemas/v1/, and the last part of its `dataschema`. */
export const eventSchemaName = (name: EventName): string => `event-${name.replace(/\.v\d+$/, '').replaceAll('.', '-')}`;

/**
 * A business event as CloudEvents 1.0 in structured JSON (https://github.com/cloudevents/spec, v1.0.2), on `events.<name>`
 * of stream EVENTS and in webhooks. `id` is that of the step event it tells of, so one step is one event however often it
 * is sent. `sequence` (text that compares) orders the events of one `subject`.
 */
export const cloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(3).max(400),
  source: z.string().min(1).max(200),
  /** New types may come: whoever reads one it does not know leaves it alone. */
  type: z.string().regex(/^com\.syncline\.[a-z]+(\.[a-z]+)+\.v\d+$/),
  /** An order's transaction key, or `sku@location`. */
  subject: z.string().min(1).max(400),
  time: instant,
  datacontenttype: z.literal('application/json'),
  dataschema: z.string(),
  sequence: z.string().regex(/^\d{20}$/),
  /** W3C trace context of the step (distributed tracing extension). */
  traceparent: z.string(),
  /** Simulated traffic says so. */
  origin: z.enum(['live', 'simulated']),
  data: z.record(z.string(), z.unknown()),
});
export type CloudEvent = z.infer<typeof cloudEvent>;

/** What its type is called without the prefix; undefined for a type of another. */
export const nameOfType = (type: string): EventName | undefined =>
  eventName.safeParse(type.startsWith(TYPE_PREFIX) ? type.slice(TYPE_PREFIX.length) : '').data;
