import type { Delivery } from '../../intake-client.ts';
import { signEasyPost } from '../../sign.ts';
import type { OutgoingEvent } from '../rest-wms/outbox.ts';
import { field, type VendorContext } from '../vendor.ts';

/** EasyPost's webhook that a parcel was delivered, as a carrier tells it of what a warehouse sent. */
export function trackerDelivery(
  { eventId, body, origin }: Pick<OutgoingEvent, 'eventId' | 'body' | 'origin'>,
  { carrier, tracking_number }: NonNullable<OutgoingEvent['tracked']>,
  { system, secret }: NonNullable<VendorContext['tracking']>,
): Delivery {
  const at = field(JSON.parse(body), 'delivered_at') || new Date().toISOString();
  const detail = (status: string, message: string) => ({
    object: 'TrackingDetail',
    message,
    description: message,
    status,
    status_detail: 'arrived_at_destination',
    datetime: at,
    source: carrier,
    tracking_location: { object: 'TrackingLocation', city: 'NEW YORK', state: 'NY', country: 'US', zip: '10003' },
  });
  const text = JSON.stringify({
    description: 'tracker.updated',
    mode: 'production',
    previous_attributes: { status: 'out_for_delivery' },
    created_at: at,
    pending_urls: [],
    completed_urls: [],
    updated_at: at,
    id: `evt_${eventId}`,
    user_id: 'user_1',
    status: 'pending',
    object: 'Event',
    result: {
      id: `trk_${eventId}`,
      object: 'Tracker',
      mode: 'production',
      tracking_code: tracking_number,
      status: 'delivered',
      status_detail: 'arrived_at_destination',
      created_at: at,
      updated_at: at,
      signed_by: null,
      weight: 614.4,
      est_delivery_date: null,
      shipment_id: null,
      carrier,
      tracking_details: [detail('out_for_delivery', 'Out for delivery'), detail('delivered', 'Delivered')],
      carrier_detail: null,
      finalized: true,
      is_return: false,
      public_url: `https://track.easypost.com/${eventId}`,
    },
  });
  return {
    method: 'POST',
    path: `/intake/easypost/${system}`,
    headers: {
      'content-type': 'application/json',
      'x-hmac-signature': signEasyPost(text, secret),
      'x-syncline-origin': origin,
    },
    body: text,
  };
}
