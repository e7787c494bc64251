import { shipment as shipmentSchema, type Shipment } from '#contracts/v1/fulfilment.ts';
import type { Reading, ReleasedOrder } from '../../connectors/topics.ts';
import type { Loop, Segment } from '../reading.ts';
import { locationOf, quantityAt, skuOf, type CodeContext } from './codes.ts';
import { loopsOf, qualified, segmentOf, segmentsOf, value, type ReceivedSet } from './loops.ts';
import { momentOf } from './moments.ts';
import { partyOf } from './parties.ts';
import { Problems } from './problems.ts';
import { joinedReference } from './warehouse-order.ts';

export interface ShippingContext extends CodeContext {
  /** By the number of `depositorOrderNumber`; undefined for one that is none of ours. */
  released(number: string): ReleasedOrder | undefined;
}

/** Qualifiers of a carrier's number: package, tracking, carrier's reference, bill of lading. */
const trackingNumbers = ['2I', 'CN', 'BM'];
const packageNumbers = ['CP', 'GM'];

/**
 * The shipments of a warehouse shipping advice (945): one a package where the warehouse tells packages apart, else one.
 * A line of which nothing was shipped is left out, since the order goes on waiting for it.
 */
export function shipmentsOfAdvice(received: ReceivedSet, context: ShippingContext): Reading<Shipment[]> {
  const { content, name } = received.set;
  const problems = new Problems(name);
  const head = segmentOf(content, 'W06') ?? content.head;
  const number = value(head, 2) ?? '';
  const released = context.released(number);
  if (released === undefined) {
    problems.add('reference', 'unknown_release', head, 2, `Nothing was released under the number "${number}" (W0602).`);
    return { problems: problems.all };
  }
  const shippedAt = shippedAtOf(received, head, context);
  if (shippedAt === undefined)
    problems.add('validation', 'missing_date', head, 3, 'The day it was shipped is missing. Add it.');
  const shared = {
    schema_version: 1,
    order_key: released.orderKey,
    location: locationOfAdvice(content, released, context, problems),
    carrier: carrierOf(content),
    shipped_at: shippedAt,
  };
  const id = value(head, 4) ?? value(head, 5) ?? `${number}-${value(head, 3) ?? ''}`;
  const packages = packagesOf(content, released, context, problems);
  if (packages.length === 0 && problems.all.length === 0)
    problems.add(
      'validation',
      'nothing_shipped',
      head,
      undefined,
      'No line of it says that anything was shipped (W1203).',
    );
  const shipments = packages.map(({ tracking, lines }, i) =>
    shipmentSchema.safeParse({
      ...shared,
      shipment_id: packages.length === 1 ? id : `${id}-${i + 1}`,
      tracking_number: tracking,
      lines,
    }),
  );
  for (const { error } of shipments)
    for (const issue of error?.issues ?? [])
      if (problems.all.length === 0)
        problems.add(
          'validation',
          `schema_${issue.code}`,
          head,
          undefined,
          `${issue.path.map(String).join('.')}: ${issue.message}`,
        );
  if (problems.all.length > 0) return { problems: problems.all };
  return { message: shipments.flatMap(({ data }) => data ?? []) };
}

interface Package {
  tracking: string;
  lines: { line_id: string; sku: string; quantity: number }[];
}

function packagesOf(content: Loop, released: ReleasedOrder, context: ShippingContext, problems: Problems): Package[] {
  const open = released.lines.map((line) => ({ ...line }));
  const packages = new Map<string, Package>();
  const whole = value(qualified(segmentsOf(content, 'N9'), trackingNumbers), 2) ?? '';
  for (const group of loopsOf(content, 'LX'))
    for (const item of loopsOf(group, 'W12')) {
      const { head } = item;
      const quantity = value(head, 3) === undefined ? 0 : quantityAt(head, { quantity: 3, unit: 5 }, context, problems);
      if (quantity === 0) continue;
      const sku = skuOf(head, [7, 17, 21], context, problems);
      const lineId = lineOf(item, { sku, quantity }, open, problems);
      if (lineId === undefined) continue;
      const tracking = trackingOf(group, item) ?? whole;
      const parcel = packages.get(tracking) ?? { tracking, lines: [] };
      packages.set(tracking, parcel);
      const same = parcel.lines.find(({ line_id }) => line_id === lineId);
      if (same === undefined) parcel.lines.push({ line_id: lineId, sku, quantity });
      else same.quantity += quantity;
    }
  return [...packages.values()];
}

const trackingOf = (group: Loop, item: Loop): string | undefined =>
  value(qualified(segmentsOf(group, 'MAN'), packageNumbers), 2) ??
  value(qualified([...segmentsOf(item, 'N9'), ...segmentsOf(group, 'N9')], trackingNumbers), 2);

/** The line it belongs to: as the warehouse names it, else one of the same SKU of which something is still to come. */
function lineOf(
  item: Loop,
  { sku, quantity }: { sku: string; quantity: number },
  open: { line_id: string; sku: string; quantity: number }[],
  problems: Problems,
): string | undefined {
  const named = qualified(segmentsOf(item, 'N9'), ['LI']);
  const lineId = joinedReference(value(named, 2), value(named, 3));
  const line =
    open.find(({ line_id }) => line_id === lineId) ??
    open.find((one) => one.sku === sku && one.quantity > 0) ??
    open.find((one) => one.sku === sku);
  if (line === undefined) {
    const segment: Segment = named ?? item.head;
    const element = named === undefined ? undefined : 2;
    problems.add('reference', 'unknown_line', segment, element, `No line of ${sku} was released under this number.`);
    return undefined;
  }
  line.quantity -= quantity;
  return line.line_id;
}

function shippedAtOf(
  { set: { content }, group }: ReceivedSet,
  head: Segment,
  { partner }: ShippingContext,
): string | undefined {
  const shipped = qualified(segmentsOf(content, 'G62'), ['11', '10']);
  return momentOf(value(shipped, 2) ?? value(head, 3), value(shipped, 4), group, partner);
}

function locationOfAdvice(
  content: Loop,
  released: ReleasedOrder,
  context: ShippingContext,
  problems: Problems,
): string {
  const from = partyOf(content, ['SF', 'WH']);
  if (from === undefined || value(from.head, 4) === undefined) return released.location;
  return locationOf(from.head, 4, context, problems) ?? released.location;
}

function carrierOf(content: Loop): string {
  const carrier = segmentOf(content, 'W27');
  return value(carrier, 3) ?? value(carrier, 2) ?? '';
}
