import { createHmac, randomUUID } from 'node:crypto';
import type { TestEngine } from './engine.ts';
import { testSecret } from './simulator.ts';

/** Posts what a warehouse says, of a parcel that left unless told otherwise, signed as it signs. */
export function postShipment(
  { intakeUrl }: Pick<TestEngine, 'intakeUrl'>,
  body: string,
  { warehouse = 'wms-east', topic = 'shipment.confirmed' }: { warehouse?: string; topic?: string } = {},
): Promise<Response> {
  const secret = testSecret(`${warehouse.toUpperCase().replace('-', '_')}_SECRET`);
  return fetch(`${intakeUrl}/intake/wms`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-wms-warehouse': warehouse,
      'x-wms-topic': topic,
      'x-wms-event-id': randomUUID(),
      'x-wms-signature': createHmac('sha256', secret).update(body).digest('hex'),
    },
    body,
  });
}
