import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Order } from '#contracts/v1/order.ts';

export interface LineQuantity {
  line_id: string;
  quantity: number;
}

export interface RemainingLine extends LineQuantity {
  sku: string;
}

/**
 * What is still to be shipped: ordered minus shipped minus cancelled, by line. Lines that need no shipping (gift
 * cards, services) are never waited for.
 */
export function linesRemaining(
  order: Order,
  shipped: readonly LineQuantity[],
  cancelled: readonly LineQuantity[] = [],
): RemainingLine[] {
  const gone = quantities([...shipped, ...cancelled]);
  return order.lines
    .filter((line) => line.requires_shipping)
    .map((line) => ({
      line_id: line.line_id,
      sku: line.sku,
      quantity: Math.max(0, line.quantity - (gone.get(line.line_id) ?? 0)),
    }))
    .filter((line) => line.quantity > 0);
}

/** Units still to be shipped. */
export function unitsRemaining(
  order: Order,
  shipped: readonly LineQuantity[],
  cancelled: readonly LineQuantity[] = [],
): number {
  return linesRemaining(order, shipped, cancelled).reduce((sum, line) => sum + line.quantity, 0);
}

/** Does a shipment carry only what the order still waits for? Problems point into the received shipment message. */
export function checkShipment(
  order: Order,
  shipment: { lines: readonly (LineQuantity & { sku: string })[] },
  shippedBefore: readonly LineQuantity[],
  cancelled: readonly LineQuantity[] = [],
): CaseProblem[] {
  const gone = quantities([...shippedBefore, ...cancelled]);
  const problem = (i: number, error_code: string, field: string, message: string): CaseProblem => ({
    error_class: 'reference',
    error_code,
    path: `/lines/${i}/${field}`,
    document: 'received',
    message,
  });
  return shipment.lines.flatMap((line, i) => {
    const ordered = order.lines.find(({ line_id }) => line_id === line.line_id);
    if (ordered === undefined)
      return [
        problem(i, 'unknown_line', 'line_id', `Order ${order.number} has no line ${line.line_id} (${line.sku}).`),
      ];
    if (ordered.sku !== line.sku)
      return [
        problem(
          i,
          'wrong_sku',
          'sku',
          `Line ${line.line_id} of order ${order.number} is of ${ordered.sku}, but ${line.sku} was shipped.`,
        ),
      ];
    const open = ordered.quantity - (gone.get(line.line_id) ?? 0);
    gone.set(line.line_id, (gone.get(line.line_id) ?? 0) + line.quantity);
    if (line.quantity <= open) return [];
    const message = `${line.quantity} of ${line.sku} were shipped for order ${order.number}, but only ${Math.max(0, open)} are still to be shipped.`;
    return [problem(i, 'shipped_too_many', 'quantity', message)];
  });
}

/** Units by line; a line may stand in several shipments. */
export function quantities(lines: readonly LineQuantity[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(line.line_id, (sums.get(line.line_id) ?? 0) + line.quantity);
  return sums;
}
