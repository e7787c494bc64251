import { z } from 'zod';
import { instant } from '#contracts/v1/primitives.ts';
import type { OrderWait } from '../order-data.ts';

/** What the carrier or warehouse says of one shipment. */
export const delivery = z.object({ shipment_id: z.string().min(1).max(128), delivered_at: instant });

/** Waits until every shipment has arrived. Deliveries of earlier parcels wait in the inbox. */
export const delivered: OrderWait = {
  kind: 'wait',
  waitsFor: 'The order waits to be delivered.',
  name: 'delivered',
  next: ({ estate }) => (estate.policies.post_invoice_on === 'delivery' ? 'erp_post_invoice' : 'settle'),
  accepts: (view, inbox) => {
    const arrived = inbox.filter(({ type }) => type === 'delivery');
    const known = new Set(arrived.map(({ data }) => data['shipment_id']));
    return view.data.shipments.every(({ shipment_id }) => known.has(shipment_id)) ? arrived.map(({ id }) => id) : [];
  },
  apply: (_view, signals) => {
    const deliveries = signals.map(({ data }) => delivery.parse(data));
    const last = deliveries
      .map(({ delivered_at }) => delivered_at)
      .sort()
      .at(-1);
    return {
      status: 'completed',
      data: { delivered: deliveries.map(({ shipment_id, delivered_at }) => ({ shipment_id, at: delivered_at })) },
      ...(last === undefined ? {} : { endedAt: last }),
      attributes: { shipments: String(deliveries.length) },
    };
  },
};
