import type { CaseProblem } from '#contracts/v1/case.ts';
import { keyOfReference } from '#contracts/v1/key.ts';
import type { ReturnMessage } from '../return-message.ts';
import type { Reading } from '../topics.ts';
import { returnReceived } from './contract.ts';
import { type InboundContext, mappedLocation, readMessage, utc } from './inbound.ts';

/** Webhook `return.received`: goods of a customer came back and were looked at. */
export function readReturn(body: Uint8Array, context: InboundContext): Reading<ReturnMessage> {
  return readMessage(body, returnReceived, (message): ReturnMessage | CaseProblem[] => {
    const location = mappedLocation(message.location_code, context);
    if (typeof location !== 'string') return [location];
    const at = utc(message.received_at);
    return {
      number: message.receipt_id,
      orderKey: keyOfReference(message.reference),
      orderPath: '/reference',
      at,
      ...(message.return_number == null || message.return_number === '' ? {} : { of: message.return_number }),
      lines: message.lines.map(({ line_id, sku, quantity, condition, reason_code }, i) => ({
        ...(line_id == null ? {} : { line_id }),
        sku: context.mapping('sku', sku) ?? sku,
        quantity,
        ...(reason_code == null || reason_code === '' ? {} : { reason_code }),
        condition: condition ?? 'unknown',
        path: `/lines/${i}`,
      })),
      received: { at, location, system: context.system, version: message.version },
    };
  });
}
