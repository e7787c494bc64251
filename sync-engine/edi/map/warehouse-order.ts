import { createHash } from 'node:crypto';
import { isTransactionKey, keyOfReference } from '#contracts/v1/key.ts';
import type { VerbInput } from '../../connectors/services.ts';
import { toLocalStamp } from '#platform/local-stamp.ts';
import type { Partner } from '../partner.ts';
import type { OutSegment, OutSet } from '../write/outgoing.ts';
import { codedParty, partySegments } from './address.ts';
import { codeOfLocation, fit, present } from './outgoing.ts';

export type Release = VerbInput<'release_order'>;

const mostOfNumber = 22;
const mostOfReference = 30;

/**
 * The depositor order number (W0502, at most 22 characters) that a warehouse knows a release of ours by: our reference
 * where it fits and is a plain key, else a digest of it that is always the same. What tells a later allocation from its
 * order's key may be a delimiter of the partner. A shipping advice (945) comes back with it.
 */
export function depositorOrderNumber(reference: string): string {
  if (reference.length <= mostOfNumber && isTransactionKey(reference)) return reference;
  return `S${createHash('sha256')
    .update(reference)
    .digest('hex')
    .slice(0, mostOfNumber - 1)
    .toUpperCase()}`;
}

/** Warehouse shipping order (940) of a release. The same release always makes the same set. */
export function warehouseOrder(release: Release, partner: Partner): OutSet {
  const { order, reference, location, lines } = release;
  const place = codeOfLocation(partner, location) ?? location;
  const method = order.shipping[0];
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    id: '940',
    segments: [
      ['W05', 'N', depositorOrderNumber(reference), fit(order.number, mostOfNumber)],
      ...(order.shipping_address === undefined ? [] : partySegments('ST', order.shipping_address)),
      ...contactOf(release),
      codedParty('SF', partner, place),
      ['N9', 'CO', fit(order.number, mostOfReference)],
      ['N9', 'CR', ...inTwo(keyOfReference(reference))],
      ['G62', '04', toLocalStamp(order.placed_at, partner.time_zone).date],
      ...present(order.tier === 'standard' ? undefined : ['NTE', 'DEL', order.tier.toUpperCase()]),
      ['W66', 'PP', 'ZZ', undefined, undefined, fit(method?.code || method?.title, 35)],
      ...lines.flatMap((line, i): OutSegment[] => [
        ['LX', String(i + 1)],
        ['W01', String(line.quantity), partner.unit, undefined, partner.sku.write, line.sku],
        ...titled(release, line.line_id),
        ['N9', 'LI', ...inTwo(line.line_id)],
      ]),
      ['W76', String(units)],
    ],
  };
}

/** The same number with nothing to ship and status F: the warehouse is to cancel what it was told. */
export const warehouseCancellation = ({ reference }: VerbInput<'cancel_release'>): OutSet => ({
  id: '940',
  segments: [['W05', 'F', depositorOrderNumber(reference)]],
});

function contactOf({ order: { shipping_address } }: Release): OutSegment[] {
  const phone = fit(shipping_address?.phone, 80);
  return present(phone === undefined ? undefined : ['PER', 'CN', fit(shipping_address?.name, 60), 'TE', phone]);
}

function titled({ order }: Release, lineId: string): OutSegment[] {
  const title = fit(order.lines.find(({ line_id }) => line_id === lineId)?.title, 45);
  return present(title === undefined ? undefined : ['G69', title]);
}

/** A reference that is longer than N902 goes on in N903. */
const inTwo = (text: string): [string, string | undefined] => [
  text.slice(0, mostOfReference),
  text.length > mostOfReference ? text.slice(mostOfReference) : undefined,
];

/** What `inTwo` parted. */
export const joinedReference = (first: string | undefined, more: string | undefined): string | undefined =>
  first === undefined ? undefined : `${first}${more ?? ''}`;
