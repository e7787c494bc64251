import type { Address } from '#contracts/v1/address.ts';
import type { Partner } from '../partner.ts';
import type { OutSegment } from '../write/outgoing.ts';
import { fit, present } from './outgoing.ts';

/** A party with its postal address: N1, N2, N3, N4. */
export function partySegments(entity: string, { name, company, ...address }: Address): OutSegment[] {
  const shown = company ?? name;
  const attention = company === undefined || name === company ? undefined : fit(name, 60);
  return present(
    ['N1', entity, fit(shown, 60) ?? fit(address.line1, 60)],
    attention === undefined ? undefined : ['N2', attention],
    address.line1 === '' ? undefined : ['N3', fit(address.line1, 55), fit(address.line2, 55)],
    ['N4', fit(address.city, 30), regionOf(address), fit(address.postal_code, 15), address.country_code],
  );
}

/** N402 holds two letters; what is longer is no state or province. */
const regionOf = ({ region_code }: Pick<Address, 'region_code'>): string | undefined =>
  region_code?.length === 2 ? region_code : undefined;

/** A party that both sides know by a code. */
export const codedParty = (
  entity: string,
  { location_qualifier }: Partner,
  code: string,
  name?: string,
): OutSegment => ['N1', entity, fit(name, 60), location_qualifier, code];
