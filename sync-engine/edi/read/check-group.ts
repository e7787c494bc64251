import { x12Error, type X12Error } from '../errors.ts';
import { releaseOf, setRule } from '../grammar/sets.ts';
import type { Partner } from '../partner.ts';
import { verdictOf, type FunctionalGroup, type GroupHeader } from '../reading.ts';
import { checkSet } from './check-set.ts';
import { checkElements } from './check-elements.ts';
import { placeOf, placeOfMissing } from './places.ts';

/** Checks a group and its sets. One without a header holds sets of a fragment, or sets that stand outside of any group. */
export function checkGroup(group: FunctionalGroup, partner: Partner, fragment: boolean): void {
  const { header, errors, sets } = group;
  const strict = partner.acceptance === 'strict';
  const receives = [...partner.receives, '997'];
  if (header === undefined) {
    if (!fragment) errors.push(...outside(group));
    group.release = releaseOf(partner.version) ?? '004010';
  } else {
    const release = releaseOf(header.version);
    if (release !== undefined) group.release = release;
    errors.push(...headerErrors(header, receives), ...trailerErrors(group, header));
    errors.push(...checkElements(header.segment, undefined, release ?? '004010').map(asGroupError));
  }
  const used = new Set<string>();
  for (const set of sets) {
    checkSet(set, {
      release: group.release ?? '004010',
      receives,
      strict,
      ...(header && { functionalId: header.functionalId }),
      usedNumbers: used,
    });
    used.add(set.controlNumber);
  }
  group.verdict = verdictOf(errors, strict);
}

/** A wrong element of GS or GE is an error of the group: the acknowledgment of sets knows only theirs. */
function asGroupError(error: X12Error): X12Error {
  const { message, element } = error;
  return x12Error('group', '6', error, message, {
    effect: error.effect === 'rejects' && element?.number === 6 ? 'rejects' : 'noted',
    remedy: error.remedy,
    ...(element && { element }),
  });
}

function headerErrors({ segment, functionalId, version }: GroupHeader, receives: readonly string[]): X12Error[] {
  const found: X12Error[] = [];
  if (releaseOf(version) === undefined)
    found.push(
      x12Error(
        'group',
        '2',
        placeOf(segment, undefined, { number: 8 }),
        `The version "${version}" (GS08) is not supported.`,
        { element: { number: 8 }, value: version },
      ),
    );
  if (!receives.some((id) => setRule(id, '004010')?.functionalId === functionalId))
    found.push(
      x12Error(
        'group',
        '1',
        placeOf(segment, undefined, { number: 1 }),
        `Groups of "${functionalId}" (GS01) are not taken from this partner.`,
        { element: { number: 1 }, value: functionalId },
      ),
    );
  return found;
}

function trailerErrors({ trailer, sets }: FunctionalGroup, { segment, controlNumber }: GroupHeader): X12Error[] {
  if (trailer === undefined)
    return [
      x12Error(
        'group',
        '3',
        placeOfMissing('GE', segment, undefined),
        `The group ${controlNumber} has no trailer (GE): the end of it may be missing.`,
      ),
    ];
  const [count = '', control = ''] = trailer.elements;
  const found: X12Error[] = [];
  if (!/^\d{1,6}$/.test(count) || Number(count) !== sets.length)
    found.push(
      x12Error(
        'group',
        '5',
        placeOf(trailer, undefined, { number: 1 }),
        `The group's trailer counts ${count === '' ? 'no' : count} sets (GE01); there are ${sets.length}.`,
        { element: { number: 1 }, value: count },
      ),
    );
  if (control.trim() !== controlNumber)
    found.push(
      x12Error(
        'group',
        '4',
        placeOf(trailer, undefined, { number: 2 }),
        `The group begins with control number ${controlNumber} (GS06) and ends with ${control} (GE02).`,
        { element: { number: 2 }, value: control },
      ),
    );
  return found;
}

function outside({ sets: [set] }: FunctionalGroup): X12Error[] {
  const [first] = set?.segments ?? [];
  return first === undefined
    ? []
    : [x12Error('group', '6', placeOf(first, set?.name), 'Sets stand outside of every functional group (GS).')];
}
