import { z } from 'zod';
import type { EventData, EventName } from '#contracts/v1/business-event.ts';
import { parseTransactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { FULFILMENT_MESSAGE } from '../flows/message.ts';

/** What of the checkpoint a shipment's event needs: the parcel that the step added. */
const shipped = z.object({
  data: z.object({
    shipments: z.array(
      z.object({
        shipment_id: z.string(),
        location: z.string(),
        carrier: z.string(),
        tracking_number: z.string(),
        shipped_at: z.string(),
        lines: z.array(z.object({ line_id: z.string(), sku: z.string(), quantity: z.number() })),
      }),
    ),
  }),
});

export type Happened = { [N in EventName]: { name: N; data: EventData<N> } }[EventName];
type OrderFacts = EventData<'order.accepted.v1'>;

function factsOf(event: StepEvent): OrderFacts {
  const { key, business_key, channel, region, legal_entity, brand, occurred_at, amount, currency } = event;
  const { system = '', externalId = '' } = parseTransactionKey(key) ?? {};
  return {
    key,
    number: business_key,
    system,
    external_id: externalId,
    channel,
    region,
    legal_entity,
    brand,
    placed_at: occurred_at,
    amount,
    currency,
    payload_version: event.payload_version,
  };
}

/** What others are told of one step of an order; undefined where it is our own affair. Pure. */
export function orderEvent(event: StepEvent): Happened | undefined {
  // A message that no order could take is no order.
  if (event.step === FULFILMENT_MESSAGE) return undefined;
  const facts = factsOf(event);
  if (event.status === 'quarantined') {
    const { case_id, step, error_class, error_code } = event;
    return { name: 'order.stopped.v1', data: { ...facts, case_id, step, error_class, error_code } };
  }
  if (event.status !== 'completed') return undefined;
  switch (event.step) {
    case 'validate':
      return { name: 'order.accepted.v1', data: facts };
    case 'reserve_stock':
      return { name: 'order.allocated.v1', data: { ...facts, location: event.location } };
    case 'wms_release':
      return { name: 'order.released.v1', data: { ...facts, location: event.location } };
    case 'shipment_confirmed':
      return parcel(event, facts);
    case 'delivered':
      return { name: 'order.delivered.v1', data: { ...facts, delivered_at: event.ended_at } };
    case 'erp_post_invoice': {
      const number = event.attributes['document_number'] ?? '';
      return { name: 'order.invoiced.v1', data: { ...facts, document: { system: event.system, number } } };
    }
    case 'settle':
      return { name: 'order.settled.v1', data: facts };
    case 'cancelled':
      return { name: 'order.cancelled.v1', data: facts };
    case 'order_held':
      return { name: 'order.held.v1', data: facts };
    case 'order_released':
      return { name: 'order.resumed.v1', data: facts };
    default:
      return undefined;
  }
}

function parcel(event: StepEvent, facts: OrderFacts): Happened | undefined {
  const { attributes } = event;
  const state = shipped.safeParse(event.state);
  const id = attributes['ref_shipment'] ?? '';
  const last = state.success ? state.data.data.shipments.find(({ shipment_id }) => shipment_id === id) : undefined;
  return {
    name: 'order.shipped.v1',
    data: {
      ...facts,
      shipment: {
        id,
        location: last?.location ?? event.location,
        carrier: attributes['carrier'] ?? '',
        tracking_number: attributes['ref_tracking_number'] ?? '',
        shipped_at: event.ended_at,
        lines: last?.lines ?? [],
      },
      remaining_units: Number(attributes['remaining_units'] ?? 0),
    },
  };
}
