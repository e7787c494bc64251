import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import type { Signal } from '../../state.ts';
import type { OrderEnv, OrderView, OrderWait, Shipped } from '../order-data.ts';
import { deliverySignal } from '../parcels.ts';
import { beforeInvoice } from './tax-enrich.ts';

/** What the carrier or warehouse says of one shipment. */
export const delivery = z.object({ shipment_id: z.string().min(1).max(128), delivered_at: instant });

/** Does anybody tell when goods of this place arrive? A warehouse system may not: its connector says so. */
function isTold({ location }: Shipped, { estate }: OrderView, { kinds }: OrderEnv): boolean {
  const wms = estate.locations.find(({ id }) => id === location)?.wms;
  return wms === undefined || kinds.tellsDelivery(wms);
}

const arrivalOf = ({ shipment_id, told }: Shipped, arrived: readonly Signal[]): Signal | undefined =>
  told === undefined
    ? arrived.find(({ data }) => data['shipment_id'] === shipment_id)
    : arrived.find(({ id }) => id === deliverySignal(told));

const UNTOLD = 'Its warehouse tells of no delivery: what it shipped counts as delivered.';

/**
 * Waits until every shipment has arrived that anybody tells the arrival of. Deliveries of earlier parcels wait in the
 * inbox.
 */
export const delivered: OrderWait = {
  kind: 'wait',
  waitsFor: 'The order waits to be delivered.',
  name: 'delivered',
  next: (view) => (view.estate.policies.post_invoice_on === 'delivery' ? beforeInvoice(view) : 'settle'),
  skip: (view, env) => {
    const { shipments } = view.data;
    return shipments.length > 0 && !shipments.some((shipment) => isTold(shipment, view, env)) ? UNTOLD : undefined;
  },
  accepts: (view, inbox, env) => {
    const arrived = inbox.filter(({ type }) => type === 'delivery');
    const awaited = view.data.shipments.filter((shipment) => isTold(shipment, view, env));
    return awaited.every((shipment) => arrivalOf(shipment, arrived) !== undefined) ? arrived.map(({ id }) => id) : [];
  },
  apply: (view, signals) => {
    const deliveries = signals.map(({ data }) => delivery.parse(data));
    const last = deliveries
      .map(({ delivered_at }) => delivered_at)
      .sort()
      .at(-1);
    return {
      status: 'completed',
      data: {
        delivered: view.data.shipments.flatMap((shipment) => {
          const arrival = arrivalOf(shipment, signals);
          return arrival === undefined
            ? []
            : [{ shipment_id: shipment.shipment_id, at: delivery.parse(arrival.data).delivered_at }];
        }),
      },
      ...(last === undefined ? {} : { endedAt: last }),
      attributes: { shipments: String(deliveries.length) },
    };
  },
};
