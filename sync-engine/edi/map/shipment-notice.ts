import type { Shipment } from '#contracts/v1/fulfilment.ts';
import type { Order } from '#contracts/v1/order.ts';
import { toLocalStamp } from '#platform/local-stamp.ts';
import type { Partner } from '../partner.ts';
import type { OutSegment, OutSet } from '../write/outgoing.ts';
import { codedParty, partySegments } from './address.ts';
import { codeOfLocation, fit, present } from './outgoing.ts';

/**
 * Ship notice (856) of one parcel of an order, for the buyer who ordered it: shipment, order, pack, items (structure 0001).
 * `package` is the mark on the parcel (SSCC-18); without one the tracking number marks it.
 */
export function noticeOfParcel(
  { order, shipment, at, mark }: { order: Order; shipment: Shipment; at: string; mark?: string },
  partner: Partner,
): OutSet {
  const { date, time } = toLocalStamp(at, partner.time_zone);
  const shipped = toLocalStamp(shipment.shipped_at, partner.time_zone);
  const tracking = fit(shipment.tracking_number, 30);
  return {
    id: '856',
    segments: [
      ['BSN', '00', shipment.shipment_id, date, time, '0001'],
      ['HL', '1', undefined, 'S', '1'],
      ...present(
        shipment.carrier === '' ? undefined : ['TD5', 'B', undefined, undefined, 'ZZ', fit(shipment.carrier, 35)],
        tracking === undefined ? undefined : ['REF', 'CN', tracking],
      ),
      ['DTM', '011', shipped.date, shipped.time],
      codedParty('SF', partner, codeOfLocation(partner, shipment.location) ?? shipment.location),
      ...(order.shipping_address === undefined ? [] : partySegments('ST', order.shipping_address)),
      ['HL', '2', '1', 'O', '1'],
      ['PRF', order.number, undefined, undefined, toLocalStamp(order.placed_at, partner.time_zone).date],
      ['HL', '3', '2', 'P', '1'],
      ...markOf(mark, tracking),
      ...shipment.lines.flatMap((line, i): OutSegment[] => [
        ['HL', String(i + 4), '3', 'I', '0'],
        ['LIN', fit(line.line_id, 20), partner.sku.write, line.sku],
        ['SN1', undefined, String(line.quantity), partner.unit],
      ]),
      ['CTT', String(shipment.lines.length + 3)],
    ],
  };
}

const markOf = (mark: string | undefined, tracking: string | undefined): OutSegment[] =>
  present(mark === undefined ? (tracking === undefined ? undefined : ['MAN', 'CP', tracking]) : ['MAN', 'GM', mark]);
