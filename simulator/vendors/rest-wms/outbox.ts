import { signWms } from '../../sign.ts';
import type { Collection } from '../../store.ts';
import { trackerDelivery } from '../easypost/tracker.ts';
import type { VendorContext } from '../vendor.ts';

export type WmsTopic = 'shipment.confirmed' | 'shipment.delivered' | 'return.received' | 'stock.changed';

export interface OutgoingEvent {
  eventId: string;
  topic: WmsTopic;
  /** Epoch milliseconds when it is to be sent. */
  due: number;
  /** Not before this one was accepted: a parcel is not delivered before it was shipped. */
  after?: string;
  origin: 'simulated' | 'backfill';
  body: string;
  /** A carrier tells it instead of the warehouse. */
  tracked?: { carrier: string; tracking_number: string };
}

/** Events a warehouse still has to tell the engine; they survive a restart and are repeated until accepted. */
export interface Outbox {
  add(event: OutgoingEvent): void;
  drop(eventId: string): void;
  /** Called when an event falls due, just before it is sent; answering false drops it. */
  onDue(handler: (event: OutgoingEvent) => boolean): void;
  start(): void;
  readonly pending: number;
  close(): void;
}

/** setTimeout's longest delay; later events are looked at again then. */
const LONGEST = 2_000_000_000;

export function createOutbox(context: VendorContext): Outbox {
  const { system, intake } = context;
  const secret = context.setting('webhook_secret');
  const events: Collection<OutgoingEvent> = context.store.collection(`${system.id}.outbox`, 200_000);
  const timers = new Map<string, NodeJS.Timeout>();
  const waiting = new Map<string, OutgoingEvent[]>();
  let handler: (event: OutgoingEvent) => boolean = () => true;
  let closed = false;

  const send = async (event: OutgoingEvent) => {
    timers.delete(event.eventId);
    if (closed || events.get(event.eventId) === undefined) return;
    if (event.due > Date.now()) return schedule(event);
    if (event.after !== undefined && events.get(event.after) !== undefined) {
      waiting.set(event.after, [...(waiting.get(event.after) ?? []), event]);
      return;
    }
    if (!handler(event)) return finish(event.eventId);
    if (event.tracked !== undefined && context.tracking !== undefined) {
      await intake.deliver(trackerDelivery(event, event.tracked, context.tracking));
      if (!closed) finish(event.eventId);
      return;
    }
    await intake.deliver({
      method: 'POST',
      path: '/intake/wms',
      headers: {
        'content-type': 'application/json',
        'x-wms-topic': event.topic,
        'x-wms-event-id': event.eventId,
        'x-wms-warehouse': system.id,
        'x-wms-signature': signWms(event.body, secret),
        'x-syncline-origin': event.origin,
      },
      body: event.body,
    });
    if (!closed) finish(event.eventId);
  };
  const finish = (eventId: string) => {
    events.delete(eventId);
    const next = waiting.get(eventId) ?? [];
    waiting.delete(eventId);
    next.forEach(schedule);
  };
  const schedule = (event: OutgoingEvent) => {
    const delay = Math.max(0, Math.min(LONGEST, event.due - Date.now()));
    timers.set(
      event.eventId,
      setTimeout(() => void send(event), delay),
    );
  };
  return {
    add: (event) => {
      events.put(event.eventId, event);
      schedule(event);
    },
    drop: (eventId) => {
      clearTimeout(timers.get(eventId));
      timers.delete(eventId);
      finish(eventId);
    },
    onDue: (value) => void (handler = value),
    start: () => {
      for (const event of events.values()) if (!timers.has(event.eventId)) schedule(event);
    },
    get pending() {
      return events.size;
    },
    close: () => {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
