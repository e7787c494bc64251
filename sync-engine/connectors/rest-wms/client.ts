import type { Answer, Send } from '../connector.ts';
import type { WmsServices } from '../services.ts';
import { readBody } from '../transport/answer.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { warehouseOrder, type WarehouseOrder } from './contract.ts';
import { refused, warehouseOrderOf } from './map.ts';

const orderPath = (reference: string) => `/orders/${segment(reference)}`;
const readOrder = (answer: Answer): WarehouseOrder => readBody(answer, warehouseOrder, "The warehouse's answer");

async function findOrder(reference: string, send: Send): Promise<WarehouseOrder | undefined> {
  const answer = await send(jsonCall('GET', orderPath(reference)));
  if (answer.status === 404) return undefined;
  const error = refused(answer);
  if (error !== undefined) throw error;
  return readOrder(answer);
}

/** Business services of a REST warehouse system. A release is put under our reference, so that a repeat changes nothing. */
export function wmsServices(): WmsServices {
  return {
    release_order: {
      name: 'release_order',
      prepare: (input) => jsonCall('PUT', orderPath(input.reference), warehouseOrderOf(input)),
      read(answer, input) {
        const error = refused(answer, input);
        if (error !== undefined) throw error;
        return { warehouseOrderId: readOrder(answer).warehouse_order_id };
      },
      async find({ reference }, send) {
        const found = await findOrder(reference, send);
        return found === undefined ? undefined : { warehouseOrderId: found.warehouse_order_id };
      },
    },

    cancel_release: {
      name: 'cancel_release',
      prepare: ({ reference }) => jsonCall('POST', `${orderPath(reference)}/cancel`, {}),
      read(answer) {
        // Two refusals are outcomes: the goods have left, or the release never arrived.
        if (answer.status === 409) return { shipped: true };
        if (answer.status === 404) return { shipped: false };
        const error = refused(answer);
        if (error !== undefined) throw error;
        return { shipped: false };
      },
      async find({ reference }, send) {
        const found = await findOrder(reference, send);
        if (found === undefined || found.status === 'released') return undefined;
        return { shipped: found.status !== 'cancelled' };
      },
    },
  };
}
