import { historicPace } from '../../pace.ts';
import type { Random } from '../../random.ts';
import type { VendorContext } from '../vendor.ts';
import { type ReceivedSet, valueOf } from '../x12/documents.ts';

export interface OrderLine {
  /** Line reference of the order (N9*LI), in the two parts it came in. */
  reference: readonly string[];
  sku: string;
  quantity: number;
}

/** A shipping order (940) at the warehouse. */
export interface WarehouseOrder {
  /** W0502: what it is known by here. */
  number: string;
  status: 'released' | 'shipped' | 'told' | 'cancelled';
  lines: OrderLine[];
  /** Packages it leaves in. */
  packages: { tracking: string; lines: OrderLine[] }[];
  shipmentId: string;
  /** Epoch milliseconds when it leaves. */
  due: number;
  /** What is said of when it left, RFC 3339. */
  shippedAt: string;
  /** Control number of the interchange that told it last, and its place in it. */
  told?: { control: number; set: number };
  /** The ERP has heard of its shipment. */
  heard?: true;
  /** Times it was released with the same number. */
  repeats: number;
}

/** Reads a shipping order; undefined where it has no number or lines. */
export function readOrder(set: ReceivedSet): { number: string; reference: string; lines: OrderLine[] } | undefined {
  const number = valueOf(set, 'W05', 2);
  const lines: OrderLine[] = [];
  let reference = '';
  for (const [id, first = '', second = '', third = '', , fifth = ''] of set.segments) {
    if (id === 'W01') lines.push({ reference: [], sku: fifth, quantity: Number(first) });
    else if (id === 'N9' && first === 'CR') reference = second + third;
    else if (id === 'N9' && first === 'LI') {
      const line = lines.at(-1);
      if (line !== undefined) line.reference = [second, third].filter((part) => part !== '');
    }
  }
  const right = number !== '' && lines.length > 0 && lines.every(({ sku, quantity }) => sku !== '' && quantity > 0);
  return right ? { number, reference, lines } : undefined;
}

/** Plans picking: what was ordered long ago leaves at once, and is said to have left hours ago. */
export function planOrder(
  context: VendorContext,
  { number, reference, lines }: { number: string; reference: string; lines: OrderLine[] },
): WarehouseOrder {
  const { random, book, nextId, pace } = context;
  const placed = book.find(reference);
  const history = placed?.origin === 'backfill';
  const now = Date.now();
  const due = history ? now : now + random.int(...pace.shipAfterMs);
  const left = history ? Math.min(now, Date.parse(placed.placed_at) + random.int(...historicPace.shipAfterMs)) : due;
  return {
    number,
    status: 'released',
    lines,
    packages: packagesOf(random, lines, pace.splitShare),
    shipmentId: `SHP${nextId()}`,
    due,
    shippedAt: new Date(left).toISOString(),
    repeats: 0,
  };
}

/** One package or, for some orders of several lines, two: the last line goes by itself. */
function packagesOf(random: Random, lines: OrderLine[], splitShare: number): WarehouseOrder['packages'] {
  const tracking = () => `1Z${random.int(1_000_000_000, 9_999_999_999)}`;
  if (lines.length < 2 || !random.chance(splitShare)) return [{ tracking: tracking(), lines }];
  return [lines.slice(0, -1), lines.slice(-1)].map((some) => ({ tracking: tracking(), lines: some }));
}
