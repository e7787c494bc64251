import { depositorOrderNumber, warehouseCancellation, warehouseOrder } from '../../edi/map/warehouse-order.ts';
import type { Partner } from '../../edi/partner.ts';
import { releaseName } from '../../files/exchange-book.ts';
import type { WmsServices } from '../services.ts';
import { fileCall, readPlaced, refusal, wasPlaced } from '../x12/file-call.ts';

const CANCELLATION = '940-F-';
const cancellationName = (reference: string) => `${CANCELLATION}${depositorOrderNumber(reference)}`;

/** Name of the release that a document cancels; undefined for one that cancels none. */
export const releaseCancelledBy = (name: string): string | undefined =>
  name.startsWith(CANCELLATION) ? releaseName(name.slice(CANCELLATION.length)) : undefined;

/** A release is a shipping order (940) in the folder. The same release is the same file with the same control number. */
export const x12WarehouseServices = (partner: Partner): WmsServices => ({
  release_order: {
    name: 'release_order',
    prepare: (release) => {
      const { reference, location, lines } = release;
      const order = { orderKey: reference, location, lines };
      const name = releaseName(depositorOrderNumber(reference));
      return fileCall(name, warehouseOrder(release, partner), partner, order);
    },
    read: (answer, { reference }) => {
      readPlaced(answer);
      return { warehouseOrderId: depositorOrderNumber(reference) };
    },
    find: async ({ reference }, send) => {
      const number = depositorOrderNumber(reference);
      return (await wasPlaced(releaseName(number), send)) ? { warehouseOrderId: number } : undefined;
    },
  },
  cancel_release: {
    name: 'cancel_release',
    prepare: (cancelled) => fileCall(cancellationName(cancelled.reference), warehouseCancellation(cancelled), partner),
    read: (answer) => {
      // A shipping advice came for it: nothing is left to be cancelled.
      if (answer.status === 410) return { shipped: true };
      const error = refusal(answer);
      if (error !== undefined) throw error;
      return { shipped: false };
    },
    find: async ({ reference }, send) =>
      (await wasPlaced(cancellationName(reference), send)) ? { shipped: false } : undefined,
  },
});
