import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { findX12, parseX12Path } from '#contracts/x12/path.ts';
import { anyPartner, damage, outInterchange, scraps } from '#tests/fixtures/edi-arbitrary.ts';
import { ediPartner, interchangeOf, purchaseOrder } from '#tests/fixtures/edi.ts';
import { spokenSets } from './grammar/sets.ts';
import type { Partner } from './partner.ts';
import { readX12 } from './read/read-x12.ts';
import { allErrors, type X12Reading } from './reading.ts';
import { acknowledgeGroups, acknowledgeInterchange } from './write/acknowledge.ts';
import { writeX12 } from './write/write-x12.ts';

declare module 'vitest' {
  interface ProvidedContext {
    ediFuzzRuns: number;
  }
}

const runs = inject('ediFuzzRuns');
const share = (part: number): number => Math.max(1, Math.round(runs * part));
/** A thorough run may take as long as it is thorough. */
const PATIENCE_MS = 120_000 * Math.max(1, runs / 10_000);
const partner = ediPartner({ receives: [...spokenSets] });
const mirrored = ({ us, them, ...rest }: Partner): Partner => ({ ...rest, us: them, them: us });

function written(by: Partner, interchange: Parameters<typeof writeX12>[1]): Uint8Array {
  const result = writeX12(by, interchange);
  if ('errors' in result) throw new Error(result.errors.map(({ path, message }) => `${path} ${message}`).join('; '));
  return result.bytes;
}

/** Documents of every kind that are right, to be damaged. */
const sound: Uint8Array[] = fc
  .sample(outInterchange, { numRuns: 60, seed: 4010 })
  .map((interchange) => written(mirrored(partner), interchange));
sound.push(Buffer.from(interchangeOf([purchaseOrder('0001'), purchaseOrder('0002', 'PO-2'), purchaseOrder('0003')])));

/** Bytes of a document that neither an accepted set nor its envelope has, and no error names. */
function unaccounted(reading: X12Reading): string {
  const { text, interchanges, errors } = reading;
  const known = new Uint8Array(text.length);
  const mark = ({ from, to }: { from: number; to: number }) => known.fill(1, from, to);
  const terminators = new Set<string>();
  for (const { header, trailer, acknowledgments, groups, errors: ofInterchange } of interchanges) {
    for (const segment of [header?.segment, trailer, ...acknowledgments]) if (segment) mark(segment);
    for (const group of groups) {
      for (const segment of [group.header?.segment, group.trailer]) if (segment) mark(segment);
      for (const set of group.sets) {
        for (const { delimiters } of set.segments.slice(0, 1)) terminators.add(delimiters.terminator);
        const named = [...ofInterchange, ...group.errors, ...set.errors].length > 0;
        if (set.verdict === 'accepted' || named) for (const segment of set.segments) mark(segment);
      }
      if (group.header) terminators.add(group.header.segment.delimiters.terminator);
    }
    if (header) terminators.add(header.segment.delimiters.terminator);
  }
  for (const error of allErrors({ errors, interchanges })) mark(error);
  if (!known.includes(0)) return '';
  return [...text]
    .filter(
      (character, i) =>
        known[i] === 0 && !/[\s\u001a\u00ef\u00bb\u00bf]/.test(character) && !terminators.has(character),
    )
    .join('');
}

/** What must hold of any reading; told at once, since asking one by one would take most of the time. */
function examine(bytes: Uint8Array): void {
  const reading = readX12(bytes, { partners: [partner] });
  const faults: string[] = [];
  const hold = (holds: boolean, what: string) => holds || faults.push(what);
  hold(unaccounted(reading) === '', 'every byte is accounted for');
  for (const { from, to, path, message, remedy } of allErrors(reading)) {
    hold(from <= to && to <= bytes.length, `an error is within the document: ${path}`);
    hold(message !== '' && remedy !== '' && parseX12Path(path) !== undefined, `an error is told in full: ${path}`);
  }
  for (const { groups, errors } of reading.interchanges)
    for (const group of groups)
      for (const { segments, verdict, errors: own } of group.sets) {
        const because = [...errors, ...group.errors, ...own].some(({ effect }) => effect === 'rejects');
        hold(verdict !== 'rejected' || because, 'a set is rejected for a reason');
        hold(verdict !== 'accepted' || own.length === 0, 'a set accepted has no errors');
        hold(verdict !== 'accepted_with_errors' || own.length > 0, 'errors noted are there');
        for (const { id, elements, raw, from, to, delimiters } of segments)
          if ([id, ...(raw ?? elements)].join(delimiters.element) !== reading.text.slice(from, to))
            faults.push(`a segment is what was sent: ${id}`);
      }
  expect(faults).toEqual([]);
}

describe('whatever arrives', () => {
  test(
    'a damaged document is never taken in silence: what is not accepted is named',
    () => {
      fc.assert(
        fc.property(fc.constantFrom(...sound), fc.array(damage, { minLength: 1, maxLength: 3 }), (bytes, damages) =>
          examine(damages.reduce((now, change) => change(now), bytes)),
        ),
        { numRuns: share(0.6) },
      );
    },
    PATIENCE_MS,
  );

  test(
    'a truncated document is named as such',
    () => {
      fc.assert(
        fc.property(fc.constantFrom(...sound), fc.double({ min: 0, max: 0.999, noNaN: true }), (bytes, part) => {
          const cut = bytes.subarray(0, Math.floor(part * bytes.length));
          examine(cut);
          const reading = readX12(cut, { partners: [partner] });
          if (cut.length > 0) expect(allErrors(reading)).not.toEqual([]);
        }),
        { numRuns: share(0.1) },
      );
    },
    PATIENCE_MS,
  );

  test(
    'pieces of X12 in any order do no harm',
    () => {
      fc.assert(fc.property(scraps, examine), { numRuns: share(0.15) });
    },
    PATIENCE_MS,
  );

  test(
    'bytes of any kind do no harm',
    () => {
      const anything = fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc.uint8Array({ maxLength: 200 }).map((tail) => Buffer.concat([(sound[0] ?? tail).subarray(0, 106), tail])),
      );
      fc.assert(fc.property(anything, examine), { numRuns: share(0.1) });
    },
    PATIENCE_MS,
  );
});

describe('what is written', () => {
  test(
    'is read back as it was meant, whatever the delimiters',
    () => {
      fc.assert(
        fc.property(outInterchange, anyPartner, (interchange, to) => {
          const reading = readX12(written(to, interchange), { partners: [mirrored(to)] });
          expect(allErrors(reading)).toEqual([]);
          const [received] = reading.interchanges;
          expect(Number(received?.header?.controlNumber)).toBe(interchange.controlNumber);
          const meant = interchange.groups[0]?.sets.map(({ segments }) =>
            segments.map((segment) =>
              segment
                .map((value) => (typeof value === 'object' ? value[0] : (value ?? '')))
                .join('\u0000')
                .replace(/\u0000+$/, ''),
            ),
          );
          const got = received?.groups[0]?.sets.map(({ segments }) =>
            segments.slice(1, -1).map(({ id, elements }) => [id, ...elements].join('\u0000')),
          );
          expect(got).toEqual(meant);
        }),
        { numRuns: share(0.03) },
      );
    },
    PATIENCE_MS,
  );

  test(
    'an acknowledgment can be written for anything that was read, and counts what was taken',
    () => {
      const theirs = mirrored(partner);
      fc.assert(
        fc.property(fc.constantFrom(...sound), fc.array(damage, { maxLength: 3 }), (bytes, damages) => {
          const reading = readX12(
            damages.reduce((now, change) => change(now), bytes),
            { partners: [partner] },
          );
          for (const interchange of reading.interchanges) {
            const sets = acknowledgeGroups(interchange);
            const answer = acknowledgeInterchange(interchange);
            const document = written(partner, {
              controlNumber: 1,
              at: '2026-02-15T10:00:00.000Z',
              groups: sets.length === 0 ? [] : [{ controlNumber: 1, sets }],
              acknowledgments: answer === undefined ? [] : [answer],
            });
            const back = readX12(document, { partners: [theirs] });
            expect(allErrors(back)).toEqual([]);
            const taken = interchange.groups.flatMap((group) =>
              group.sets.filter(({ verdict }) => verdict !== 'rejected'),
            );
            const counted = back.interchanges[0]?.groups.flatMap((group) =>
              group.sets.flatMap(({ segments }) =>
                segments.filter(({ id }) => id === 'AK9').map(({ elements }) => Number(elements[3])),
              ),
            );
            const ofAnswered = interchange.groups.filter(({ header }) => header?.functionalId !== 'FA');
            if (ofAnswered.length === interchange.groups.length && sets.length === interchange.groups.length)
              expect(counted?.reduce((sum, count) => sum + count, 0)).toBe(taken.length);
          }
        }),
        { numRuns: share(0.02) },
      );
    },
    PATIENCE_MS,
  );

  test(
    'a place that an error names is found in the text',
    () => {
      fc.assert(
        fc.property(fc.constantFrom(...sound), damage, (bytes, change) => {
          const reading = readX12(change(bytes), { partners: [partner] });
          for (const { path, level } of allErrors(reading).slice(0, 5)) {
            const place = parseX12Path(path);
            if (level !== 'document' && place !== undefined)
              expect([path, findX12(reading.text, place)]).not.toEqual([path, undefined]);
          }
        }),
        { numRuns: share(0.02) },
      );
    },
    PATIENCE_MS,
  );
});
