import type { WarehouseOrder } from './orders.ts';
import { type OutSet, stampOf } from '../x12/write.ts';

const secondsOf = (at: Date): string => at.toISOString().slice(17, 19);
/** `HHMMSS`, UTC. */
const timeOf = (at: Date): string => stampOf(at).time + secondsOf(at);

/** Shipping advice (945) of an order, package by package. */
export function shippingAdvice(order: WarehouseOrder, place: string): OutSet {
  const at = new Date(order.shippedAt);
  const { day } = stampOf(at);
  const units = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    id: '945',
    segments: [
      ['W06', 'F', order.number, day, order.shipmentId],
      ['N1', 'SF', '', '92', place],
      ['G62', '11', day, 'W', timeOf(at)],
      ['W27', 'M', 'UPSN', 'UPS'],
      ...order.packages.flatMap(({ tracking, lines }, i): OutSet['segments'] => [
        ['LX', String(i + 1)],
        ['MAN', 'CP', tracking],
        ...lines.flatMap(({ reference, sku, quantity }): OutSet['segments'] => [
          ['W12', 'CC', String(quantity), String(quantity), '', 'EA', '', 'VN', sku],
          ...(reference.length === 0 ? [] : [['N9', 'LI', ...reference] as const]),
        ]),
      ]),
      ['W03', String(units)],
    ],
  };
}

/** Stock transfer receipt (944) of goods that came in. */
export function receiptOf(
  { sku, quantity, number }: { sku: string; quantity: number; number: string },
  place: string,
  at: Date,
): OutSet {
  return {
    id: '944',
    segments: [
      ['W17', 'F', stampOf(at).day, number, '', '', '', timeOf(at)],
      ['N1', 'WH', '', '92', place],
      ['W07', String(quantity), 'EA', '', 'VN', sku],
      ['W14', String(quantity)],
    ],
  };
}

/** Inventory advice (846): what was counted. */
export function inventoryAdvice(
  { counts, number }: { counts: readonly { sku: string; quantity: number }[]; number: string },
  place: string,
  at: Date,
): OutSet {
  return {
    id: '846',
    segments: [
      ['BIA', '00', 'DD', number, stampOf(at).day, timeOf(at)],
      ['N1', 'WH', '', '92', place],
      ...counts.flatMap(({ sku, quantity }, i): OutSet['segments'] => [
        ['LIN', String(i + 1), 'VN', sku],
        ['QTY', '17', String(quantity), 'EA'],
      ]),
      ['CTT', String(counts.length)],
    ],
  };
}
