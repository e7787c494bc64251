import type { X12Error, X12ErrorAt } from '../errors.ts';
import type { FunctionalGroup, GroupHeader, Interchange, TransactionSet } from '../reading.ts';
import type { OutSegment, OutSet } from './outgoing.ts';

/** X12 takes at most this many codes in AK5 and AK9, and this many AK4 behind one AK3. */
const mostCodes = 5;
const mostElements = 99;
const mostCopied = 99;
const mostPosition = 999_999;

/**
 * The functional acknowledgments (997) that an interchange asks for: one a group, naming every set and what is wrong with
 * it. None for groups of acknowledgments, for what stands in no group, and for a group that its partner needs none of.
 */
export function acknowledgeGroups({ groups, partner, verdict }: Interchange): OutSet[] {
  const policy = partner?.acknowledge.functional ?? 'never';
  // An interchange that was rejected is answered as a whole, by TA1.
  if (policy === 'never' || verdict === 'rejected') return [];
  return groups
    .filter(({ header }) => header !== undefined && canBeNamed(header) && header.functionalId !== 'FA')
    .filter((group) => policy === 'always' || !isClean(group))
    .map(acknowledgeGroup);
}

/** AK1 names a group by these two; one whose header has neither cannot be answered. */
const canBeNamed = ({ functionalId, controlNumber }: GroupHeader): boolean =>
  /^[A-Z0-9]{2}$/.test(functionalId) && /^\d{1,9}$/.test(controlNumber);

const isClean = ({ verdict, sets }: FunctionalGroup): boolean =>
  verdict === 'accepted' && sets.every((set) => set.verdict === 'accepted');

function acknowledgeGroup(group: FunctionalGroup): OutSet {
  const { header, trailer, sets, errors, verdict } = group;
  const accepted = sets.filter((set) => set.verdict !== 'rejected').length;
  const declared = Number(trailer?.elements[0]);
  const included = Number.isInteger(declared) && declared >= 0 && declared <= 999_999 ? declared : sets.length;
  return {
    id: '997',
    segments: [
      ['AK1', header?.functionalId, header?.controlNumber],
      // Of a group that is not taken at all its sets were not judged.
      ...(verdict === 'rejected' ? [] : sets.flatMap(acknowledgeSet)),
      [
        'AK9',
        groupCode(group, accepted),
        String(included),
        String(sets.length),
        String(accepted),
        ...codes(errors.flatMap((error) => (error.level === 'group' ? [error.code] : []))),
      ],
    ],
  };
}

function groupCode(group: FunctionalGroup, accepted: number): string {
  if (group.verdict === 'rejected' || (accepted === 0 && group.sets.length > 0)) return 'R';
  if (accepted < group.sets.length) return 'P';
  return isClean(group) ? 'A' : 'E';
}

function acknowledgeSet({ id, controlNumber, errors, verdict }: TransactionSet): OutSegment[] {
  // A set without a usable name or number cannot be named in AK2.
  if (!/^\d{3}$/.test(id) || !/^[0-9A-Za-z]{4,9}$/.test(controlNumber)) return [];
  const inSegments = errors.filter(isInSegment);
  const own = errors.flatMap((error) => (error.level === 'set' ? [error.code] : []));
  return [
    ['AK2', id, controlNumber],
    ...bySegment(inSegments).flatMap(acknowledgeSegment),
    ['AK5', setCodes[verdict], ...codes([...own, ...(inSegments.length > 0 ? ['5'] : [])])],
  ];
}

const setCodes = { accepted: 'A', accepted_with_errors: 'E', rejected: 'R' } as const;

const codes = (all: readonly string[]): string[] => [...new Set(all)].slice(0, mostCodes);

type InSegment = X12ErrorAt<'segment'> | X12ErrorAt<'element'>;

const isInSegment = (error: X12Error): error is InSegment => error.level === 'segment' || error.level === 'element';

function bySegment(errors: readonly InSegment[]): InSegment[][] {
  const groups = new Map<string, InSegment[]>();
  for (const error of errors) {
    const key = error.level === 'segment' ? `${error.position} ${error.code} ${error.segment}` : `${error.position}`;
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  return [...groups.values()];
}

/** AK3 with its AK4. A segment whose id cannot be written stands only in AK5. */
function acknowledgeSegment(errors: readonly InSegment[]): OutSegment[] {
  const [first] = errors;
  if (first === undefined || !/^[A-Z0-9]{2,3}$/.test(first.segment) || first.position > mostPosition) return [];
  const code = first.level === 'segment' ? first.code : '8';
  return [
    ['AK3', first.segment, String(first.position), undefined, code],
    ...errors.slice(0, mostElements).flatMap((error) => (error.level === 'element' ? [acknowledgeElement(error)] : [])),
  ];
}

function acknowledgeElement({ element, code, value }: X12ErrorAt<'element'>): OutSegment {
  const { number = 1, component, reference = '' } = element ?? {};
  // The standard wants a copy of what was wrong, and no character in it that is itself wrong.
  const copy = value?.replace(/[^\w .,/#-]/g, '').slice(0, mostCopied);
  return [
    'AK4',
    component === undefined ? [String(number)] : [String(number), String(component)],
    /^\d{1,4}$/.test(reference) ? reference : undefined,
    code,
    copy === '' ? undefined : copy,
  ];
}

/**
 * The interchange acknowledgment (TA1) of an interchange that was received; undefined where none is wanted, or where
 * the interchange has no control number to name it by.
 */
export function acknowledgeInterchange({ header, partner, errors, verdict }: Interchange): OutSegment | undefined {
  const policy = partner?.acknowledge.interchange ?? 'requested';
  if (header === undefined || policy === 'never' || !/^\d{1,9}$/.test(header.controlNumber)) return undefined;
  if (policy === 'requested' && !header.acknowledgmentRequested) return undefined;
  const codes = errors.filter((error) => error.level === 'interchange');
  const decisive = codes.find(({ effect }) => effect === 'rejects') ?? codes[0];
  return [
    'TA1',
    header.controlNumber.padStart(9, '0'),
    /^\d{6}$/.test(header.date) ? header.date : '000000',
    /^\d{4}$/.test(header.time) ? header.time : '0000',
    interchangeCodes[verdict],
    decisive?.code ?? '000',
  ];
}

const interchangeCodes = { accepted: 'A', accepted_with_errors: 'E', rejected: 'R' } as const;
