import type { Shipment } from '#contracts/v1/fulfilment.ts';
import { allocationReference } from '#contracts/v1/key.ts';
import type { Signal } from '../../state.ts';
import { liveAllocations, openLines } from '../allocations.ts';
import { type Allocation, orderOf, type OrderEnv, type OrderView, type OrderWait } from '../order-data.ts';
import { numberInOrder, parcelOf, parcelsToBook } from '../parcels.ts';
import { checkShipment, unitsRemaining } from '../rules/lines-remaining.ts';

/**
 * What is wrong with a shipment that reaches an order: lines it does not have, more units than are still to be shipped.
 * Asked before the order takes it, so that a wrong message is a case of its own, to be corrected or discarded, while
 * the order waits for a right one.
 */
export async function shipmentProblems(view: OrderView, signal: Signal, env: OrderEnv) {
  const before = [...view.data.shipments, ...parcelsToBook(view.state.inbox)].flatMap(({ lines }) => lines);
  return checkShipment(await orderOf(view, env), parcelOf(signal), before);
}

/** An attribute of an event is no place for a pallet's list; the whole one is in the message. */
const MOST_CHARACTERS = 500;

/** Waits for the warehouse: one shipment at a time, as many as it takes. Stock leaves the books here. */
export const shipmentConfirmed: OrderWait = {
  kind: 'wait',
  waitsFor: 'The order waits for the warehouse.',
  name: 'shipment_confirmed',
  next: () => 'capture_payment',
  accepts: (_view, inbox) =>
    inbox
      .filter(({ type }) => type === 'shipment')
      .slice(0, 1)
      .map(({ id }) => id),
  apply: async (view, [signal], env) => {
    const order = await orderOf(view, env);
    if (signal === undefined) throw new Error('a shipment without its message');
    const shipment = parcelOf(signal);
    const told = { system: signal.system, number: shipment.shipment_id };
    const shipment_id = numberInOrder(view.data.shipments, told);
    const before = view.data.shipments.flatMap(({ lines }) => lines);
    // It was right when it was taken: a correction of the order since has made it wrong, and another can cure it.
    const [first, ...rest] = checkShipment(order, shipment, before);
    if (first !== undefined) return { status: 'quarantined', problems: [first, ...rest] };
    const allocation = shippedFrom(view, shipment);
    await env.stock.commitShipment({
      order_key: allocationReference(view.key, allocation),
      shipment_id,
      location: shipment.location,
      lines: shipment.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    });
    const { location, carrier, tracking_number, shipped_at, lines } = shipment;
    const remaining = unitsRemaining(order, [...before, ...lines]);
    const shipped = { shipment_id, location, carrier, tracking_number, shipped_at, lines, allocation, told };
    return {
      status: 'completed',
      data: { units_remaining: remaining, shipments: [...view.data.shipments, shipped] },
      endedAt: shipped_at,
      attributes: {
        ref_shipment: shipment_id,
        ref_tracking_number: tracking_number,
        carrier,
        units: String(lines.reduce((sum, line) => sum + line.quantity, 0)),
        remaining_units: String(remaining),
        ...tracing(lines),
      },
    };
  },
};

/**
 * Which allocation a parcel is of: the one its reference names or, since a warehouse may drop what we add to the key, the
 * one at the place it left from that still has such lines to ship.
 */
function shippedFrom({ key, data }: OrderView, { order_key, location, lines }: Shipment): number {
  const live = liveAllocations(data);
  const named = live.find(({ n }) => allocationReference(key, n) === order_key);
  if (named !== undefined && order_key !== key) return named.n;
  const waits = (one: Allocation) =>
    openLines(one, data).some(({ line_id }) => lines.some((line) => line.line_id === line_id));
  const here = live.filter((one) => one.location === location);
  return (here.find(waits) ?? live.find(waits) ?? here[0] ?? named ?? live[0])?.n ?? 1;
}

/** Lots and serial numbers of what has left, so that a recall finds the orders it went to. */
function tracing(lines: Shipment['lines']): Record<string, string> {
  const lots = [...new Set(lines.flatMap(({ lot }) => (lot === undefined ? [] : [lot])))];
  const serials = lines.flatMap(({ serial_numbers = [] }) => serial_numbers);
  return {
    ...(lots.length > 0 && { lots: lots.join(', ').slice(0, MOST_CHARACTERS) }),
    ...(serials.length > 0 && { serial_numbers: serials.join(', ').slice(0, MOST_CHARACTERS) }),
  };
}
