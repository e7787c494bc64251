import type { Partner } from '../partner.ts';
import type { Loop, Segment } from '../reading.ts';
import { loopsOf, segmentOf, segmentsOf, value } from './loops.ts';

/** The party of one of these entity codes (N101), the best first. */
export function partyOf(loop: Loop, entities: readonly string[]): Loop | undefined {
  const parties = loopsOf(loop, 'N1');
  for (const entity of entities) {
    const found = parties.find(({ head }) => value(head, 1) === entity);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Countries as X12 may write them with three letters; ours have two. */
const countries: Readonly<Record<string, string>> = { USA: 'US', CAN: 'CA', MEX: 'MX', GBR: 'GB' };

/** The postal address of a party; undefined where it has none, only a code that both sides know. */
export function addressOf(party: Loop, { country }: Pick<Partner, 'country'>) {
  const streets = segmentsOf(party, 'N3').flatMap((segment) => [value(segment, 1), value(segment, 2)]);
  const [line1, ...more] = streets.filter((line) => line !== undefined);
  const town = segmentOf(party, 'N4');
  if (line1 === undefined && town === undefined) return undefined;
  const line2 = more.join(', ');
  const name = value(party.head, 2);
  const also = segmentsOf(party, 'N2').flatMap((segment) => value(segment, 1) ?? [])[0];
  const region = value(town, 2);
  const code = value(town, 4) ?? country;
  const phone = contactNumber(segmentsOf(party, 'PER'), 'TE');
  return {
    name: name ?? also ?? '',
    ...(name === undefined || also === undefined ? {} : { company: also }),
    line1: line1 ?? '',
    ...(line2 === '' ? {} : { line2 }),
    city: value(town, 1) ?? '',
    ...(region === undefined ? {} : { region_code: region }),
    postal_code: value(town, 3) ?? '',
    country_code: countries[code] ?? code,
    ...(phone === undefined ? {} : { phone }),
  };
}

/** A communication number of contacts (PER): TE telephone, EM e-mail. */
export function contactNumber(contacts: readonly Segment[], qualifier: string): string | undefined {
  for (const contact of contacts)
    for (const number of [3, 5, 7])
      if (value(contact, number) === qualifier && value(contact, number + 1) !== undefined)
        return value(contact, number + 1);
  return undefined;
}
