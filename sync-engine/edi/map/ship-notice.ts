import { shipNotice, type ShipNotice } from '#contracts/v1/fulfilment.ts';
import type { Reading } from '../../connectors/topics.ts';
import type { Loop } from '../reading.ts';
import { locationOf, pairs, quantityAt, skuOf, type CodeContext } from './codes.ts';
import { hierarchyOf, nearest, type HierarchyNode } from './hierarchy.ts';
import { qualified, segmentOf, segmentsOf, value, type ReceivedSet } from './loops.ts';
import { momentOf } from './moments.ts';
import { partyOf } from './parties.ts';
import { Problems } from './problems.ts';

/** Dates of a ship notice (DTM01): when it left, and when it is to arrive. */
const shippedDates = ['011', '010'];
const expectedDates = ['017', '067', '002', '068'];

/** A ship notice (856) as goods on their way to one of our locations, item by item with order and package. */
export function noticeOfShipment(received: ReceivedSet, context: CodeContext): Reading<ShipNotice> {
  const { set, group } = received;
  const { content, name } = set;
  const { partner } = context;
  const problems = new Problems(name);
  const head = segmentOf(content, 'BSN') ?? content.head;
  const nodes = hierarchyOf(content, problems);
  const shipment = nodes.find(({ level }) => level === 'S')?.loop ?? content;
  const moment = (qualifiers: readonly string[]) => {
    const dates = [...segmentsOf(shipment, 'DTM'), ...segmentsOf(content, 'DTM')];
    const found = qualified(dates, qualifiers);
    return momentOf(value(found, 2), value(found, 3), group, partner);
  };
  const to = partyOf(shipment, ['ST']) ?? nodes.map(({ loop }) => partyOf(loop, ['ST'])).find((party) => party);
  if (to === undefined)
    problems.addMissing(
      'missing_location',
      'N1',
      shipment.head,
      'It names no place to go to. Add an N1*ST with its code.',
    );
  const location = to === undefined ? undefined : locationOf(to.head, 4, context, problems);
  const lines = nodes.filter(({ level }) => level === 'I').map((node) => lineOf(node, context, problems));
  if (lines.length === 0)
    problems.add('validation', 'no_items', head, undefined, 'It has no items (HL with I in HL03).');
  const shippedAt = moment(shippedDates);
  const expectedAt = moment(expectedDates);
  const parsed = shipNotice.safeParse({
    schema_version: 1,
    notice_id: value(head, 2),
    system: context.system,
    location,
    carrier: carrierOf(shipment),
    tracking_number: value(qualified(segmentsOf(shipment, 'REF'), ['CN', '2I', 'BM']), 2) ?? '',
    sent_at: momentOf(value(head, 3), value(head, 4), group, partner),
    ...(shippedAt === undefined ? {} : { shipped_at: shippedAt }),
    ...(expectedAt === undefined ? {} : { expected_at: expectedAt }),
    lines,
  });
  if (!parsed.success && problems.all.length === 0)
    for (const { code, path, message } of parsed.error.issues)
      problems.add('validation', `schema_${code}`, head, undefined, `${path.map(String).join('.')}: ${message}`);
  return parsed.success && problems.all.length === 0 ? { message: parsed.data } : { problems: problems.all };
}

function lineOf(node: HierarchyNode, context: CodeContext, problems: Problems) {
  const { loop } = node;
  const order = nearest(node, ['O']);
  const product = segmentOf(loop, 'LIN');
  const shipped = segmentOf(loop, 'SN1');
  if (product === undefined)
    problems.addMissing('missing_product', 'LIN', loop.head, 'The item names no product (LIN).');
  if (shipped === undefined)
    problems.addMissing('missing_quantity', 'SN1', loop.head, 'The item has no quantity (SN1).');
  const mark = packageOf(node);
  return {
    purchase_order: value(order && segmentOf(order, 'PRF'), 1) ?? '',
    sku: product === undefined ? 'missing' : skuOf(product, pairs(2, 15), context, problems),
    quantity: shipped === undefined ? 0 : quantityAt(shipped, { quantity: 2, unit: 3 }, context, problems),
    ...(mark === undefined ? {} : { package: mark }),
  };
}

/** The mark of the pack it is in, else of the pallet (tare). */
function packageOf(node: HierarchyNode): string | undefined {
  for (const level of ['P', 'T']) {
    const pack = nearest(node, [level]);
    const mark = pack && value(qualified(segmentsOf(pack, 'MAN'), ['GM', 'UC', 'CP', 'AA']), 2);
    if (mark !== undefined) return mark;
  }
  return undefined;
}

function carrierOf(shipment: Loop): string {
  const routing = segmentOf(shipment, 'TD5');
  return value(routing, 5) ?? value(routing, 3) ?? '';
}
