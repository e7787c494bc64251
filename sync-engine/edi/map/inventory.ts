import type { StockChange } from '#contracts/v1/catalogue.ts';
import type { Reading } from '../../connectors/topics.ts';
import { toLocalStamp } from '#platform/local-stamp.ts';
import type { Partner } from '../partner.ts';
import type { Loop, Segment } from '../reading.ts';
import type { OutSegment, OutSet } from '../write/outgoing.ts';
import { codedParty } from './address.ts';
import { locationOf, pairs, quantityAt, skuOf, type CodeContext } from './codes.ts';
import { headsAndSegments, loopsOf, segmentOf, segmentsOf, value, type ReceivedSet } from './loops.ts';
import { momentOf } from './moments.ts';
import { codeOfLocation } from './outgoing.ts';
import { partyOf } from './parties.ts';
import { Problems } from './problems.ts';
import { stockChanges, type StockOf } from './stock-changes.ts';

/** Quantities that count what is there (QTY01), the best first: on hand, available, available for sale. */
const countQualifiers = ['17', '02', '33'];

/** The counts of an inventory advice (846): one a SKU and place. */
export function countsOfInventory(received: ReceivedSet, context: CodeContext): Reading<StockChange[]> {
  const { content, name } = received.set;
  const problems = new Problems(name);
  const head = segmentOf(content, 'BIA') ?? content.head;
  const time = value(head, 5) ?? '';
  const countedAt = momentOf(value(head, 4), value(head, 5), received.group, context.partner);
  if (countedAt === undefined)
    problems.add('validation', 'missing_date', head, 4, 'The day of the count is missing. Add it.');
  const goods = loopsOf(content, 'LIN').flatMap((item) => countsOfItem(item, content, context, problems));
  // Two counts of one day carry the same number in some systems, so that the moment belongs to the name.
  const id = `846-${value(head, 3) ?? ''}-${value(head, 4) ?? ''}${time}`;
  return stockChanges(goods, { reason: 'count', id, occurredAt: countedAt ?? '' }, context, problems);
}

function countsOfItem(item: Loop, content: Loop, context: CodeContext, problems: Problems): StockOf[] {
  const { head } = item;
  const sku = skuOf(head, pairs(2, 15), context, problems);
  const byPlace = segmentsOf(item, 'SDQ');
  if (byPlace.length > 0)
    return byPlace.flatMap((segment) => distributed(segment, context, problems).map((one) => ({ ...one, sku })));
  const quantity = countOf(item, problems);
  const place = partyOf(item, ['WH', 'SF', 'ST']) ?? partyOf(content, ['WH', 'SF', 'ST']);
  if (place === undefined)
    problems.addMissing('missing_location', 'N1', head, 'The count names no place. Add an N1*WH with its code.');
  const location = place === undefined ? undefined : locationOf(place.head, 4, context, problems);
  if (quantity === undefined || location === undefined) return [];
  const counted = quantityAt(quantity, { quantity: 2, unit: 3 }, context, problems);
  return [{ segment: head, sku, location, quantity: counted }];
}

function countOf(item: Loop, problems: Problems): Segment | undefined {
  const stated = headsAndSegments(item, 'QTY');
  const found = countQualifiers
    .map((qualifier) => stated.find((segment) => value(segment, 1) === qualifier))
    .find((segment) => segment !== undefined);
  if (found === undefined)
    problems.addMissing(
      'missing_count',
      'QTY',
      item.head,
      `There is no count of it: a QTY with ${countQualifiers.join(', ')} in QTY01 is needed.`,
    );
  return found;
}

/** SDQ: up to ten places with a quantity each, all in one unit. */
const distributed = (segment: Segment, context: CodeContext, problems: Problems): Omit<StockOf, 'sku'>[] =>
  pairs(3, 10).flatMap((number) => {
    if (value(segment, number) === undefined) return [];
    const location = locationOf(segment, number, context, problems);
    const quantity = quantityAt(segment, { quantity: number + 1, unit: 1 }, context, problems);
    return location === undefined ? [] : [{ segment, location, quantity }];
  });

export interface Availability {
  sku: string;
  location: string;
  quantity: number;
}

/** Inventory advice (846) of what may be sold, place by place. */
export function inventorySet(
  { number, at, items }: { number: string; at: string; items: readonly Availability[] },
  partner: Partner,
): OutSet {
  const { date, time } = toLocalStamp(at, partner.time_zone);
  return {
    id: '846',
    segments: [
      ['BIA', '00', 'MM', number, date, time],
      ...items.flatMap(({ sku, location, quantity }, i): OutSegment[] => [
        ['LIN', String(i + 1), partner.sku.write, sku],
        ['QTY', '33', String(quantity), [partner.unit]],
        codedParty('WH', partner, codeOfLocation(partner, location) ?? location),
      ]),
      ['CTT', String(items.length)],
    ],
  };
}
