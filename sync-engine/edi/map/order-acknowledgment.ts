import type { Order } from '#contracts/v1/order.ts';
import { toLocalStamp } from '#platform/local-stamp.ts';
import type { Partner } from '../partner.ts';
import type { OutSegment, OutSet } from '../write/outgoing.ts';
import { fit, present } from './outgoing.ts';

/** What we can do about a line; a line that is not named is accepted as ordered. */
export interface LineAnswer {
  line_id: string;
  /** Units accepted; fewer than ordered is a change, none a rejection. */
  accepted: number;
  /** Units that follow later. */
  backordered?: number;
}

export interface OrderAnswer {
  order: Order;
  /** When we answer: a UTC instant. */
  at: string;
  /** rejected: the whole order, whatever its lines say. */
  outcome: 'accepted' | 'rejected';
  lines?: readonly LineAnswer[];
  /** Our own number of the order. */
  reference?: string;
}

/** Purchase order acknowledgment (855): what becomes of each line of an order that was received. */
export function acknowledgmentOfOrder(answer: OrderAnswer, partner: Partner): OutSet {
  const { order, outcome, lines = [] } = answer;
  const { date } = toLocalStamp(answer.at, partner.time_zone);
  const changed = lines.some(({ line_id, accepted }) => quantityOf(order, line_id) !== accepted);
  const kind = outcome === 'rejected' ? 'RD' : changed ? 'AC' : 'AD';
  const placed = toLocalStamp(order.placed_at, partner.time_zone).date;
  return {
    id: '855',
    segments: [
      ['BAK', '00', kind, order.number, placed, undefined, undefined, undefined, fit(answer.reference, 30), date],
      ...present(order.currency === partner.currency ? undefined : ['CUR', 'SE', order.currency]),
      ...order.lines.flatMap((line): OutSegment[] => [
        [
          'PO1',
          line.line_id,
          String(line.quantity),
          partner.unit,
          line.unit_price,
          undefined,
          partner.sku.write,
          line.sku,
        ],
        ...statuses(
          line.quantity,
          outcome === 'rejected' ? { accepted: 0 } : lines.find(({ line_id }) => line_id === line.line_id),
          partner.unit,
        ),
      ]),
      ['CTT', String(order.lines.length)],
    ],
  };
}

const quantityOf = (order: Order, lineId: string): number | undefined =>
  order.lines.find(({ line_id }) => line_id === lineId)?.quantity;

/** ACK: IA accepted, IQ accepted in another quantity, IB back-ordered, IR rejected. */
function statuses(ordered: number, answer: Omit<LineAnswer, 'line_id'> | undefined, unit: string): OutSegment[] {
  const { accepted = ordered, backordered = 0 } = answer ?? {};
  const refused = accepted === 0 && backordered === 0;
  return present(
    accepted === 0 ? undefined : ['ACK', accepted === ordered ? 'IA' : 'IQ', String(accepted), unit],
    backordered === 0 ? undefined : ['ACK', 'IB', String(backordered), unit],
    refused ? ['ACK', 'IR', String(ordered), unit] : undefined,
  );
}
