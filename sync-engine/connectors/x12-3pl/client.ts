import { z } from 'zod';
import { depositorOrderNumber, warehouseCancellation, warehouseOrder } from '../../edi/map/warehouse-order.ts';
import type { Partner } from '../../edi/partner.ts';
import type { OutSet } from '../../edi/write/outgoing.ts';
import { writeX12 } from '../../edi/write/write-x12.ts';
import { releaseName } from '../../files/exchange-book.ts';
import type { PreparedCall } from '../connector.ts';
import type { WmsServices } from '../services.ts';
import type { ReleasedOrder } from '../topics.ts';
import { impossible, readBody, refusalOf } from '../transport/answer.ts';
import { keyOfReference } from '#contracts/v1/key.ts';
import { placed } from './contract.ts';

const refused = z.object({ code: z.string(), message: z.string() });
const cancellationName = (reference: string) => `940-F-${depositorOrderNumber(reference)}`;

/** What is written does not depend on numbers and moments, so a document that cannot be written is refused unsent. */
function fileCall(name: string, set: OutSet, partner: Partner, released?: ReleasedOrder): PreparedCall {
  const trial = { controlNumber: 1, at: '2000-01-01T00:00:00.000Z', groups: [{ controlNumber: 1, sets: [set] }] };
  const written = writeX12(partner, trial);
  const [error] = 'errors' in written ? written.errors : [];
  if (error !== undefined) throw impossible(`X12_${error.code}`, `${error.path}: ${error.message}`);
  const body = JSON.stringify({ ...set, ...(released && { released }) });
  return { method: 'PUT', path: `/${encodeURIComponent(name)}`, headers: { 'content-type': 'application/json' }, body };
}

const look = (name: string): PreparedCall => ({
  method: 'GET',
  path: `/${encodeURIComponent(name)}`,
  headers: {},
  body: '',
});

const refusal = (answer: Parameters<typeof refusalOf>[0]) =>
  refusalOf(answer, (body) => {
    const said = refused.safeParse(body);
    return said.success ? said.data : undefined;
  });

/** A release is a shipping order (940) in the folder. The same release is the same file with the same control number. */
export const x12WarehouseServices = (partner: Partner): WmsServices => ({
  release_order: {
    name: 'release_order',
    prepare: (release) => {
      const { reference, location, lines } = release;
      const order = { orderKey: keyOfReference(reference), location, lines };
      const name = releaseName(depositorOrderNumber(reference));
      return fileCall(name, warehouseOrder(release, partner), partner, order);
    },
    read: (answer, { reference }) => {
      const error = refusal(answer);
      if (error !== undefined) throw error;
      readBody(answer, placed, 'The folder');
      return { warehouseOrderId: depositorOrderNumber(reference) };
    },
    find: async ({ reference }, send) => {
      const { status } = await send(look(releaseName(depositorOrderNumber(reference))));
      return status === 200 ? { warehouseOrderId: depositorOrderNumber(reference) } : undefined;
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
    find: async ({ reference }, send) => {
      const { status } = await send(look(cancellationName(reference)));
      return status === 200 ? { shipped: false } : undefined;
    },
  },
});
