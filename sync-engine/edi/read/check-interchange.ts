import { isaLengths, isLineBreak } from '#contracts/x12/delimiters.ts';
import type { CodeOf } from '../codes.ts';
import { x12Error, type X12Error } from '../errors.ts';
import type { Interchange, InterchangeHeader } from '../reading.ts';
import type { Partner } from '../partner.ts';
import { placeOf, placeOfMissing } from './places.ts';
import { isDate, isTime } from './values.ts';

type Code = CodeOf<'interchange'>;

/** The TA1 code of each ISA field, ISA01 to ISA16. */
const fieldCodes = '010 011 012 013 005 006 007 008 014 015 016 017 018 019 020 027'.split(' ') as Code[];

const fieldNames = [
  'authorization qualifier',
  'authorization information',
  'security qualifier',
  'security information',
  'sender qualifier',
  'sender',
  'receiver qualifier',
  'receiver',
  'date',
  'time',
  'repetition separator or standards identifier',
  'version',
  'control number',
  'acknowledgment request',
  'test indicator',
  'component separator',
];

/** Everything wrong with the envelope of an interchange. One without a header is a fragment, which a partner may send. */
export function checkInterchange(interchange: Interchange, partner: Partner | undefined, us: readonly Partner[]): void {
  const { header, errors } = interchange;
  if (header === undefined) {
    if (partner === undefined) errors.push(unenveloped(interchange));
    return;
  }
  errors.push(...lengthErrors(header), ...valueErrors(header), ...trailerErrors(interchange, header));
  if (partner === undefined) errors.push(unknownParty(header, us));
}

function lengthErrors({ segment, padded }: InterchangeHeader): X12Error[] {
  if (padded) return [];
  return isaLengths.flatMap((length, i) => {
    const value = segment.elements[i] ?? '';
    if (value.length === length) return [];
    const name = `ISA${String(i + 1).padStart(2, '0')}`;
    const message = `The ${fieldNames[i]} (${name}) has ${value.length} characters instead of ${length}.`;
    return [fieldError(segment, i + 1, message, 'noted')];
  });
}

function valueErrors(header: InterchangeHeader): X12Error[] {
  const { segment } = header;
  const found: X12Error[] = [];
  const wrong = (field: number, message: string, effect?: 'rejects') =>
    found.push(fieldError(segment, field, message, effect));
  const value = (field: number): string => (segment.elements[field - 1] ?? '').trim();
  if (header.sender === '') wrong(6, 'The interchange names no sender (ISA06).', 'rejects');
  if (header.receiver === '') wrong(8, 'The interchange names no receiver (ISA08).', 'rejects');
  if (!isDate(header.date)) wrong(9, `"${header.date}" is no date (ISA09).`);
  if (!isTime(header.time) || header.time.length !== 4) wrong(10, `"${header.time}" is no time (ISA10).`);
  if (!/^0\d{4}$/.test(header.version)) wrong(12, `"${header.version}" is no version (ISA12).`);
  else if (header.version < '00200' || header.version > '00801')
    found.push(
      x12Error(
        'interchange',
        '003',
        placeOf(segment, undefined, { number: 12 }),
        `The interchange version ${header.version} (ISA12) is not supported.`,
      ),
    );
  if (!/^\d{1,9}$/.test(header.controlNumber))
    wrong(13, `"${header.controlNumber}" is no control number (ISA13).`, 'rejects');
  if (!/^[0-3]$/.test(value(14))) wrong(14, `"${value(14)}" is no request for an acknowledgment (ISA14).`);
  if (!/^[PTI]$/.test(value(15))) wrong(15, `"${value(15)}" is no test indicator (ISA15).`);
  return found;
}

function fieldError(
  segment: InterchangeHeader['segment'],
  number: number,
  message: string,
  effect: 'rejects' | 'noted' = 'noted',
): X12Error {
  const code = fieldCodes[number - 1] ?? '022';
  const value = segment.elements[number - 1] ?? '';
  return x12Error('interchange', code, placeOf(segment, undefined, { number }), message, {
    element: { number },
    value,
    effect,
  });
}

function trailerErrors({ trailer, groups }: Interchange, { segment, controlNumber }: InterchangeHeader): X12Error[] {
  if (trailer === undefined)
    return [
      x12Error(
        'interchange',
        '023',
        placeOfMissing('IEA', segment, undefined),
        `The interchange ${controlNumber} has no trailer (IEA): the end of it may be missing.`,
      ),
    ];
  const [count = '', control = ''] = trailer.elements;
  const found: X12Error[] = [];
  // A group without a header is one that we made for sets outside of any.
  const present = groups.filter(({ header }) => header !== undefined).length;
  if (!/^\d{1,5}$/.test(count) || Number(count) !== present)
    found.push(
      x12Error(
        'interchange',
        '021',
        placeOf(trailer, undefined, { number: 1 }),
        `The interchange trailer counts ${count === '' ? 'no' : count} groups (IEA01); there are ${present}.`,
        { element: { number: 1 }, value: count },
      ),
    );
  if (control.trim() !== controlNumber)
    found.push(
      x12Error(
        'interchange',
        '001',
        placeOf(trailer, undefined, { number: 2 }),
        `The interchange begins with control number ${controlNumber} (ISA13) and ends with ${control} (IEA02).`,
        { element: { number: 2 }, value: control },
      ),
    );
  if (!trailer.terminated && !isLineBreak(trailer.delimiters.terminator))
    found.push(
      x12Error('interchange', '004', placeOf(trailer, undefined), 'The last segment (IEA) has no terminator.', {
        effect: 'noted',
        remedy: 'Ask the partner whether the end of the file is missing.',
      }),
    );
  return found;
}

function unknownParty(header: InterchangeHeader, partners: readonly Partner[]): X12Error {
  const { segment, receiver, receiverQualifier, sender, senderQualifier } = header;
  const isUs = partners.some(({ us }) => us.id === receiver && us.qualifier === receiverQualifier);
  const number = isUs ? 6 : 8;
  const message = isUs
    ? `No partner profile has the sender ${senderQualifier} ${sender} (ISA05, ISA06).`
    : `The interchange is for ${receiverQualifier} ${receiver} (ISA07, ISA08), which is none of our ids.`;
  return x12Error('interchange', isUs ? '006' : '009', placeOf(segment, undefined, { number }), message, {
    element: { number },
    value: isUs ? sender : receiver,
  });
}

function unenveloped({ groups: [group] }: Interchange): X12Error {
  const [set] = group?.sets ?? [];
  const first = group?.header?.segment ?? set?.segments[0];
  if (first === undefined) throw new Error('an interchange without a header begins with a group or a set');
  const place = placeOf(first, group?.header === undefined ? set?.name : undefined);
  return x12Error('interchange', '022', place, 'The document has no interchange header (ISA).', {
    effect: 'rejects',
    remedy: 'Ask the partner for the whole interchange, or allow documents without an envelope in the partner profile.',
  });
}
