import { readJson } from '../reading.ts';
import type { Reading, Tracking } from '../topics.ts';
import { trackerEvent } from './contract.ts';

const utc = (text: string): string => new Date(text).toISOString();

/** A tracker's event as what a carrier says of one parcel. Problems point into the received message. */
export function readTracker(body: Uint8Array): Reading<Tracking> {
  const parsed = readJson(trackerEvent, body);
  if ('problems' in parsed) return parsed;
  const { tracking_code, status, is_return, tracking_details, updated_at } = parsed.message.result;
  // A parcel on its way back is a return's, and delivers nothing to the customer.
  if (status !== 'delivered' || is_return === true) return { message: { trackingNumber: tracking_code } };
  const handedOver = tracking_details?.findLast((detail) => detail.status === 'delivered')?.datetime;
  return { message: { trackingNumber: tracking_code, deliveredAt: utc(handedOver ?? updated_at) } };
}
