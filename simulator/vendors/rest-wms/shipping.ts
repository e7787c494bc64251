import type { Random } from '../../random.ts';
import { historicPace } from '../../pace.ts';
import type { VendorContext } from '../vendor.ts';
import { locationCode, type ReleasedOrder, type WmsShipment } from './contract.ts';
import type { OutgoingEvent, Outbox } from './outbox.ts';

const carriers = [
  { name: 'UPS', prefix: '1Z' },
  { name: 'FedEx', prefix: '77' },
  { name: 'DHL', prefix: 'JD' },
];
/** History is sent this much after the release at the earliest, so that a cancellation just behind still wins. */
const HISTORY_DELAY_MS = 1_500;

/**
 * Plans an order's parcels: one, or two for some orders of several units. Orders placed in the past are shipped and
 * delivered in the past too, hours after they were placed; what would still lie ahead happens when its time comes.
 */
export function planShipments(
  context: VendorContext,
  order: ReleasedOrder,
): { events: OutgoingEvent[]; shipments: WmsShipment[] } {
  const { random, system, book } = context;
  const placed = book.find(order.reference);
  const history = placed?.origin === 'backfill';
  const pace = history ? historicPace : context.pace;
  const from = history ? Date.parse(placed.placed_at) : Date.now();
  const shipments: WmsShipment[] = [];
  const events: OutgoingEvent[] = [];
  let shippedAt = from;
  let previous: string | undefined;
  parcels(random, order, pace.splitShare).forEach((lines, index) => {
    shippedAt += random.int(pace.shipAfterMs[0], pace.shipAfterMs[1]);
    const deliveredAt = shippedAt + random.int(pace.deliverAfterMs[0], pace.deliverAfterMs[1]);
    const carrier = random.pick(carriers);
    const shipment: WmsShipment = {
      shipment_id: `${order.warehouseOrderId}-${index + 1}`,
      carrier: carrier.name,
      tracking_number: `${carrier.prefix}${random.int(1_000_000_000, 9_999_999_999)}${index}`,
      shipped_at: new Date(shippedAt).toISOString(),
      delivered_at: null,
      lines,
    };
    shipments.push(shipment);
    const soonest = history ? Date.now() + HISTORY_DELAY_MS : 0;
    const { tracking_number, shipped_at } = shipment;
    const share = history ? 0 : (context.tracking?.share ?? 0);
    const tracked = share > 0 && random.chance(share);
    const tell = (what: 'shipped' | 'delivered', at: number, after: string | undefined, facts: object) => {
      const eventId = eventIdOf(system.id, shipment, what);
      const ids = {
        event_id: eventId,
        warehouse: system.id,
        reference: order.reference,
        shipment_id: shipment.shipment_id,
      };
      events.push({
        eventId,
        topic: what === 'shipped' ? 'shipment.confirmed' : 'shipment.delivered',
        due: Math.max(at, soonest),
        ...(after === undefined ? {} : { after }),
        ...(tracked && what === 'delivered' ? { tracked: { carrier: shipment.carrier, tracking_number } } : {}),
        origin: history && at < Date.now() ? 'backfill' : 'simulated',
        body: JSON.stringify({ ...ids, tracking_number, ...facts }),
      });
      return eventId;
    };
    const shipped = tell('shipped', shippedAt, previous, {
      ...{ carrier: shipment.carrier, location_code: locationCode(order.location), shipped_at, lines },
    });
    tell('delivered', deliveredAt, shipped, { delivered_at: new Date(deliveredAt).toISOString() });
    previous = shipped;
  });
  return { events, shipments };
}

const eventIdOf = (systemId: string, shipment: WmsShipment, what: 'shipped' | 'delivered'): string =>
  `${systemId}-${shipment.shipment_id}-${what}`;

/** One parcel, or two: the second takes the last line, or half the units of the only one. */
function parcels(random: Random, order: ReleasedOrder, splitShare: number): WmsShipment['lines'][] {
  const units = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  if (units < 2 || !random.chance(splitShare)) return [order.lines];
  const last = order.lines.at(-1);
  if (last === undefined) return [order.lines];
  if (order.lines.length > 1) return [order.lines.slice(0, -1), [last]];
  const first = Math.ceil(last.quantity / 2);
  return [[{ ...last, quantity: first }], [{ ...last, quantity: last.quantity - first }]];
}

/** Cancels what has not left yet. Answers false where a parcel has. */
export function withdraw(outbox: Outbox, systemId: string, order: ReleasedOrder): boolean {
  if (order.status !== 'released') return order.status === 'cancelled';
  for (const shipment of order.shipments)
    for (const what of ['delivered', 'shipped'] as const) outbox.drop(eventIdOf(systemId, shipment, what));
  order.shipments = [];
  order.status = 'cancelled';
  return true;
}
