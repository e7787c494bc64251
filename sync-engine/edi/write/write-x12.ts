import { isaLengths, type X12Delimiters } from '#contracts/x12/delimiters.ts';
import { x12Path } from '#contracts/x12/path.ts';
import { toLocalStamp } from '#platform/local-stamp.ts';
import { x12Error, type X12Error } from '../errors.ts';
import { setRule, spokenSets } from '../grammar/sets.ts';
import type { Partner } from '../partner.ts';
import { delimitersOf, readX12 } from '../read/read-x12.ts';
import { allErrors } from '../reading.ts';
import { nearestWritable, unwritableIn, type Writable } from './characters.ts';
import type { OutElement, OutGroup, OutInterchange, OutSegment, OutSet } from './outgoing.ts';

export type Written = { bytes: Uint8Array } | { errors: X12Error[] };

/**
 * Writes an interchange as a partner takes it. Counts and trailers are worked out; control numbers are the caller's. What
 * was written is read again as the partner would: a document that breaks the grammar, or has a value that cannot be
 * written, is refused with its errors and never leaves.
 */
export function writeX12(partner: Partner, interchange: OutInterchange): Written {
  const writable: Writable = { characters: partner.characters, delimiters: writtenDelimiters(partner) };
  const errors: X12Error[] = [];
  const counts = new Map<string, number>();
  const groups = interchange.groups.flatMap((group) => groupSegments(partner, interchange.at, group));
  const segments: OutSegment[] = [
    ...(interchange.acknowledgments ?? []),
    ...groups,
    ['IEA', String(interchange.groups.length), padded(interchange.controlNumber, 9)],
  ];
  const { terminator } = writable.delimiters;
  const end = terminator.includes('\n') ? terminator : `${terminator}${partner.delimiters.line_break}`;
  let set: { id: string; ordinal: number } | undefined;
  let within = new Map<string, number>();
  const lines = segments.map((segment) => {
    const [id, first] = segment;
    if (id === 'ST') {
      const name = typeof first === 'string' ? first : 'ST';
      set = { id: name, ordinal: countUp(counts, name) };
      within = new Map();
    }
    const place = { ...(set && { set }), segment: { id, ordinal: countUp(within, id) } };
    if (id === 'SE') set = undefined;
    return writeSegment(segment, writable, partner.unwritable, (number, character, value) =>
      errors.push(unwritable(place, number, character, value)),
    );
  });
  if (errors.length > 0) return { errors };
  const text = [writeIsa(partner, interchange, writable.delimiters), ...lines].map((line) => `${line}${end}`).join('');
  const bytes = Buffer.from(text, partner.characters === 'iso-8859-1' ? 'latin1' : 'utf8');
  const found = allErrors(readX12(bytes, { partners: [asTheyRead(partner)] }));
  return found.length > 0 ? { errors: found } : { bytes };
}

/** Delimiters of what is written: a repetition separator is declared from version 00501 on, and only there. */
export function writtenDelimiters(partner: Partner): X12Delimiters {
  const { repetition, ...delimiters } = delimitersOf(partner);
  return partner.interchange_version === '00501' ? { ...delimiters, repetition: repetition ?? '^' } : delimiters;
}

const padded = (number: number, length: number): string => String(number).padStart(length, '0');

const countUp = (counts: Map<string, number>, name: string): number => {
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  return count;
};

function writeIsa(partner: Partner, { controlNumber, at }: OutInterchange, delimiters: X12Delimiters): string {
  const { us, them, interchange_version, usage, acknowledge, time_zone } = partner;
  const { date, time } = toLocalStamp(at, time_zone);
  const fields = [
    ...['00', '', '00', '', us.qualifier, us.id, them.qualifier, them.id, date.slice(2), time],
    ...[delimiters.repetition ?? 'U', interchange_version, padded(controlNumber, 9)],
    ...[acknowledge.interchange === 'always' ? '1' : '0', usage, delimiters.component],
  ];
  const elements = fields.map((field, i) => field.padEnd(isaLengths[i] ?? 0));
  return ['ISA', ...elements].join(delimiters.element);
}

function groupSegments(partner: Partner, at: string, { controlNumber, sets }: OutGroup): OutSegment[] {
  const { us, them, version, time_zone } = partner;
  const { date, time } = toLocalStamp(at, time_zone);
  const functionalId = setRule(sets[0]?.id ?? '', '004010')?.functionalId;
  const number = String(controlNumber);
  return [
    ['GS', functionalId, us.group, them.group, date, time, number, 'X', version],
    ...sets.flatMap((set, i) => setSegments(set, padded(i + 1, 4))),
    ['GE', String(sets.length), number],
  ];
}

const setSegments = ({ id, segments }: OutSet, controlNumber: string): OutSegment[] => [
  ['ST', id, controlNumber],
  ...segments,
  ['SE', String(segments.length + 2), controlNumber],
];

type OnUnwritable = (element: number, character: string, value: string) => void;

function writeSegment(
  [id, ...elements]: OutSegment,
  writable: Writable,
  policy: Partner['unwritable'],
  refuse: OnUnwritable,
): string {
  const { element, component } = writable.delimiters;
  const values = elements.map((value, i) =>
    parts(value)
      .map((part) => {
        const bad = unwritableIn(part, writable);
        if (bad === undefined) return part;
        if (policy === 'refuse') refuse(i + 1, bad, part);
        return nearestWritable(part, writable);
      })
      .join(component),
  );
  return [id, ...withoutTail(values.map((value) => trimEnd(value, component)))].join(element);
}

const parts = (value: OutElement): readonly string[] =>
  typeof value === 'object' ? value.map((part) => part ?? '') : [value ?? ''];

function trimEnd(value: string, separator: string): string {
  let end = value.length;
  while (value[end - 1] === separator) end -= 1;
  return value.slice(0, end);
}

function withoutTail(values: readonly string[]): readonly string[] {
  return values.slice(0, values.findLastIndex((value) => value !== '') + 1);
}

function unwritable(place: Parameters<typeof x12Path>[0], number: number, character: string, value: string): X12Error {
  const segment = place.segment?.id ?? '';
  const name = `${segment}${padded(number, 2)}`;
  return x12Error(
    'element',
    '6',
    { path: x12Path({ ...place, element: { number } }), from: 0, to: 0, segment, position: 0 },
    `${JSON.stringify(character)} in ${name} can be written neither in the partner's encoding nor beside its delimiters.`,
    {
      element: { number },
      value,
      remedy:
        'Change the text, agree on other delimiters or encoding, or let the partner profile replace what cannot be written.',
    },
  );
}

/** The same agreement seen from the other side, everything insisted upon. */
const asTheyRead = (partner: Partner): Partner => ({
  ...partner,
  us: partner.them,
  them: partner.us,
  receives: [...spokenSets],
  acceptance: 'strict',
});
