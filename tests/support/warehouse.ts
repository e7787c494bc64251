import { createHmac, randomUUID } from 'node:crypto';
import type { TestEngine } from './engine.ts';
import { testSecret } from './simulator.ts';

/** Posts what the warehouse wms-east says of a parcel that left, signed as it signs. */
export function postShipment({ intakeUrl }: Pick<TestEngine, 'intakeUrl'>, body: string): Promise<Response> {
  return fetch(`${intakeUrl}/intake/wms`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-wms-warehouse': 'wms-east',
      'x-wms-topic': 'shipment.confirmed',
      'x-wms-event-id': randomUUID(),
      'x-wms-signature': createHmac('sha256', testSecret('WMS_EAST_SECRET')).update(body).digest('hex'),
    },
    body,
  });
}
