import { createHash } from 'node:crypto';
import { stepEvent, type StepEvent } from '#contracts/v1/step-event.ts';
import { streams } from '#contracts/v1/subjects.ts';
import type { Placed } from './traffic.ts';
import type { Violations } from './violations.ts';
import type { World } from './world.ts';

/** A message of STEPS as it lies there. */
export interface RawEvent {
  seq: number;
  data: Uint8Array;
}

/** Every message of a stream in order. */
export async function* readStream(world: World, stream: string): AsyncGenerator<RawEvent> {
  const { state } = await world.manager.streams.info(stream);
  if (state.messages === 0) return;
  const consumer = await world.js.consumers.get(stream);
  const messages = await consumer.consume({ max_messages: 1_000 });
  for await (const message of messages) {
    yield { seq: message.seq, data: message.data };
    if (message.seq >= state.last_seq) break;
  }
  messages.stop();
}

/** Steps an order passes exactly once; by shipment: once for each. */
const ONCE = [
  'intake_received',
  'reserve_stock',
  'acknowledge_channel',
  'erp_create_sales_order',
  'wms_release',
  'delivered',
  'erp_post_invoice',
  'settle',
];
const BY_SHIPMENT = ['capture_payment', 'channel_fulfilment', 'shipment_confirmed'];
/** Only a replay passes these again. */
const ONCE_UNLESS_REPLAYED = ['canonicalise', 'validate'];

const LATE = new Set([
  'cancel_received',
  'channel_update_received',
  'return_requested',
  'partly_returned',
  'returned',
  'refunded',
]);

interface Track {
  events: number;
  last: Pick<StepEvent, 'step' | 'status'>;
  completed: Map<string, number>;
  /** Shipments that were told of, by the warehouse's id. */
  signals: Set<string>;
}

export interface CheckedEvents {
  events: number;
  transactions: number;
  /** Seqs of messages that are no events, which ingest must have refused. */
  notEvents: number[];
}

/** Holds STEPS against itself and against the orders placed. `each` sees every event. */
export async function checkEvents(
  world: World,
  placed: readonly Placed[],
  violations: Violations,
  each: (event: RawEvent, parsed: StepEvent) => Promise<void>,
): Promise<CheckedEvents> {
  const tracks = new Map<string, Track>();
  const ids = new Set<string>();
  const notEvents: number[] = [];
  let events = 0;
  for await (const raw of readStream(world, streams.steps)) {
    const parsed = stepEvent.safeParse(JSON.parse(Buffer.from(raw.data).toString()));
    if (!parsed.success) {
      notEvents.push(raw.seq);
      continue;
    }
    events++;
    await each(raw, parsed.data);
    take(parsed.data, tracks, ids, violations);
  }
  for (const order of placed) checkOrder(order, tracks.get(`order_to_cash ${order.key}`), violations);
  const known = new Set(placed.map(({ key }) => key));
  for (const name of tracks.keys()) {
    const [flow, key = ''] = name.split(' ');
    if (flow === 'order_to_cash' && !known.has(key)) violations.add('transactions nobody began', key);
  }
  return { events, transactions: tracks.size, notEvents };
}

function take(event: StepEvent, tracks: Map<string, Track>, ids: Set<string>, violations: Violations): void {
  // Two million ids are kept: as digests they take a fifth of the memory.
  const id = createHash('md5').update(`${event.flow} ${event.event_id}`).digest('base64url');
  if (ids.has(id)) violations.add('event ids given twice', event.event_id);
  ids.add(id);
  const name = `${event.flow} ${event.key}`;
  let track = tracks.get(name);
  if (track === undefined) {
    track = { events: 0, last: event, completed: new Map(), signals: new Set() };
    tracks.set(name, track);
  }
  track.events++;
  violations.expect('ordinals out of order', event.event_id, event.ordinal, track.events);
  // What comes after the end is kept with the order and changes nothing.
  if (!LATE.has(event.step)) track.last = { step: event.step, status: event.status };
  if (event.status === 'completed') track.completed.set(event.step, (track.completed.get(event.step) ?? 0) + 1);
  const signal = event.attributes['signal'];
  if (signal?.startsWith('shipment:') === true) track.signals.add(signal);
}

function checkOrder({ key, kind }: Placed, track: Track | undefined, violations: Violations): void {
  if (track === undefined) return violations.add('orders lost', key);
  const { last, completed } = track;
  if (last.step === 'cancelled' && last.status === 'completed' && kind === 'cancelled') return;
  if (last.step !== 'settle' || last.status !== 'completed')
    return violations.add('orders not finished', `${key} ended with ${last.step} ${last.status}`);
  const count = (step: string) => completed.get(step) ?? 0;
  for (const step of ONCE) violations.expect('steps completed', `${key} ${step}`, count(step), 1);
  for (const step of BY_SHIPMENT)
    violations.expect('steps completed', `${key} ${step}`, count(step), track.signals.size);
  if (kind !== 'unmapped' && kind !== 'repaired')
    for (const step of ONCE_UNLESS_REPLAYED) violations.expect('steps completed', `${key} ${step}`, count(step), 1);
}
