import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createBucket } from '../../bucket.ts';
import { sameSecret } from '../../sign.ts';
import { bearer, field, jsonBody, refuse, type VendorApi, type VendorContext } from '../vendor.ts';
import {
  locationCode,
  orderResource,
  refusals,
  release,
  type ReleasedOrder,
  wmsError,
  type WmsShipment,
} from './contract.ts';
import { stockRoutes } from './stock.ts';
import { createOutbox, type OutgoingEvent } from './outbox.ts';
import { planShipments, withdraw } from './shipping.ts';

export interface StockEvent {
  sku: string;
  reason: 'count' | 'receipt' | 'adjustment' | 'return';
  quantity: number;
}

/** What a parcel that came back holds, as the warehouse finds it. */
export interface ReturnParcel {
  /** Of the release that it left under. */
  reference: string;
  returnNumber?: string;
  lines: { line_id: string; sku: string; quantity: number; condition: string; reason_code?: string }[];
}

export interface Warehouse extends VendorApi {
  /** Tells the engine of a stock change at this warehouse. */
  changeStock(event: StockEvent): void;
  /** Takes a parcel back and tells the engine what was in it. @returns the receipt's id. */
  receiveReturn(parcel: ReturnParcel): string;
  /** Starts sending what was still to be told when the estate last stopped. */
  start(): void;
  readonly releases: IterableIterator<ReleasedOrder>;
}

/** One warehouse management system of these buildings. What it says of stock by itself is of the first of them. */
export function createWarehouse(context: VendorContext, buildings: readonly string[]): Warehouse {
  const { system, store } = context;
  const [location = system.id] = buildings;
  const orders = store.collection<ReleasedOrder>(`${system.id}.orders`);
  const returns = store.collection<{ receipt_id: string; reference: string; lines: ReturnParcel['lines'] }>(
    `${system.id}.returns`,
    20_000,
  );
  const outbox = createOutbox(context);
  const token = context.setting('access_token');
  const bucket = createBucket(100, 50);
  let differing = 0;
  let lastVersion = 0;
  /** Rises with time, also over restarts, so that a later change always has the higher version. */
  const nextVersion = () => (lastVersion = Math.max(lastVersion + 1, Date.now()));

  outbox.onDue((event) =>
    applyEvent(
      event,
      orders.get(referenceOf(event)),
      (order) => orders.put(order.reference, order),
      (lines, at) => lines.forEach(({ sku, quantity }) => context.stock.move(at, sku, { by: -quantity })),
    ),
  );

  const put = (request: FastifyRequest, reply: FastifyReply) => {
    const reference = field(request.params, 'reference');
    const parsed = release.safeParse(jsonBody(request));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return refuse(reply, wmsError(422, 'invalid', issue?.message ?? 'not a release', issue?.path.join('.') ?? ''));
    }
    const contentHash = createHash('sha256').update(String(request.body)).digest('hex');
    const known = orders.get(reference);
    if (known !== undefined) {
      if (known.contentHash !== contentHash) {
        differing++;
        return refuse(reply, wmsError(409, 'content_differs', `${reference} was released with other content.`));
      }
      known.repeats++;
      return reply.code(200).send(orderResource(known));
    }
    const order: ReleasedOrder = {
      reference,
      warehouseOrderId: `${system.id.slice(4, 6).toUpperCase()}${context.nextId()}`,
      status: 'released',
      contentHash,
      location: buildings.find((one) => one === parsed.data.location) ?? location,
      lines: parsed.data.lines,
      receivedAt: new Date().toISOString(),
      shipments: [],
      repeats: 0,
    };
    context.book.released(reference, order.lines);
    const plan = planShipments(context, order);
    order.shipments = plan.shipments;
    orders.put(reference, order);
    reply.code(201).send({ ...orderResource(order), shipments: [] });
    for (const event of plan.events) outbox.add(event);
    return reply;
  };
  const cancel = (request: FastifyRequest, reply: FastifyReply) => {
    const order = orders.get(field(request.params, 'reference'));
    if (order === undefined) return refuse(reply, wmsError(404, 'unknown_order', 'There is no such order.'));
    if (!withdraw(outbox, system.id, order))
      return refuse(reply, wmsError(409, 'already_shipped', `${order.reference} has left the warehouse.`));
    orders.put(order.reference, order);
    return reply.send(orderResource(order));
  };

  return {
    authorised: (request) => sameSecret(bearer(request), token),
    limit: () => (bucket.take(1) ? undefined : refusals.throttled(bucket.secondsUntil(1))),
    refusals,
    routes: (app) => {
      app.put('/orders/:reference', put);
      app.post('/orders/:reference/cancel', cancel);
      app.delete('/orders/:reference', cancel);
      stockRoutes(app, context, location);
      app.get('/orders/:reference', (request, reply) => {
        const order = orders.get(field(request.params, 'reference'));
        if (order === undefined) return refuse(reply, wmsError(404, 'unknown_order', 'There is no such order.'));
        return reply.send({ ...orderResource(order), shipments: left(order) });
      });
    },
    changeStock: ({ sku, reason, quantity }) => {
      const version = nextVersion();
      const change_id = `${system.id}-${version}`;
      const occurred_at = new Date().toISOString();
      context.stock.move(location, sku, reason === 'count' ? { count: quantity } : { by: quantity });
      const body = JSON.stringify({
        change_id,
        sku,
        location_code: locationCode(location),
        reason,
        quantity,
        version,
        occurred_at,
      });
      outbox.add({ eventId: change_id, topic: 'stock.changed', due: Date.now(), origin: 'simulated', body });
    },
    receiveReturn: ({ reference, returnNumber, lines }) => {
      const version = nextVersion();
      const receipt_id = `${system.id}-RT${version}`;
      const body = JSON.stringify({
        receipt_id,
        reference,
        ...(returnNumber === undefined ? {} : { return_number: returnNumber }),
        location_code: locationCode(location),
        received_at: new Date().toISOString(),
        version,
        lines,
      });
      // What can be sold again goes back on the shelf.
      for (const { sku, quantity, condition } of lines)
        if (condition === 'sellable') context.stock.move(location, sku, { by: quantity });
      returns.put(receipt_id, { receipt_id, reference, lines });
      outbox.add({ eventId: receipt_id, topic: 'return.received', due: Date.now(), origin: 'simulated', body });
      return receipt_id;
    },
    start: () => outbox.start(),
    get releases() {
      return orders.values();
    },
    state: () => ({
      releases: [...orders.values()].map((order) => ({
        ...orderResource(order),
        shipments: left(order),
        repeats: order.repeats,
      })),
      returns: [...returns.values()],
      pending_events: outbox.pending,
      differing_releases_refused: differing,
    }),
    counts: () => {
      const total = {
        releases: orders.size,
        shipments: 0,
        cancelled: 0,
        repeats: 0,
        returns: returns.size,
        pending_events: outbox.pending,
        differing_releases_refused: differing,
      };
      for (const order of orders.values()) {
        total.shipments += left(order).length;
        total.cancelled += order.status === 'cancelled' ? 1 : 0;
        total.repeats += order.repeats;
      }
      return total;
    },
    close: () => outbox.close(),
  };
}

/** Shipments that have left: the order's status says how many of the planned ones have. */
function left(order: ReleasedOrder) {
  if (order.status === 'released' || order.status === 'cancelled') return [];
  return order.status === 'partially_shipped' ? order.shipments.slice(0, 1) : order.shipments;
}

function referenceOf(event: OutgoingEvent): string {
  return field(JSON.parse(event.body), 'reference');
}

/** What an event that falls due means for the order. */
function applyEvent(
  event: OutgoingEvent,
  order: ReleasedOrder | undefined,
  save: (order: ReleasedOrder) => void,
  ship: (lines: WmsShipment['lines'], location: string) => void,
): boolean {
  if (event.topic === 'stock.changed' || event.topic === 'return.received') return true;
  if (order === undefined || order.status === 'cancelled') return false;
  const id = field(JSON.parse(event.body), 'shipment_id');
  const index = order.shipments.findIndex((shipment) => shipment.shipment_id === id);
  const shipment = order.shipments[index];
  if (shipment === undefined) return false;
  const last = index === order.shipments.length - 1;
  if (event.topic === 'shipment.confirmed') {
    // A repeat after a restart ships nothing again.
    if (!left(order).includes(shipment)) ship(shipment.lines, order.location);
    order.status = last ? 'shipped' : 'partially_shipped';
  } else {
    shipment.delivered_at = field(JSON.parse(event.body), 'delivered_at');
    if (order.shipments.every((other) => other.delivered_at !== null)) order.status = 'delivered';
  }
  save(order);
  return true;
}
