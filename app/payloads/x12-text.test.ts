import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isX12, joinSegments, layOutX12, restoreX12, splitSegments } from './x12-text.ts';

const isa = 'ISA*00*          *00*          *08*9254110060     *ZZ*HARBOURGOODS   *260215*0930*U*00401*000000905*0*P*>';
const segments = [
  isa,
  'GS*PO*A*B*20260215*0930*77*X*004010',
  'ST*850*0001',
  'BEG*00*SA*PO-1**20260214',
  'SE*3*0001',
  'GE*1*77',
  'IEA*1*000000905',
];
const lines = segments.map((segment) => `${segment}~`).join('\n');

describe('an EDI document', () => {
  it('is told from JSON and from a form', () => {
    expect([lines, '\ufeffISA*00', 'ST|850|0001~', 'GS+PO'].map(isX12)).toEqual([true, true, true, true]);
    expect(
      ['{"a":1}', '[1]', 'amount=1&b=2', 'ID=5', 'No such order', '', 'NaN', 'OK', 'I am'].map(isX12),
    ).not.toContain(true);
  });

  it.each([
    ['in one line', '~', ''],
    ['in one line, ended by a line feed', '~', '', '\n'],
    ['with a line a segment', '~\r\n', ''],
    ['with line feeds for terminators', '\n', ''],
  ])('sent %s is shown with one segment a line', (_, end, _between, tail = '') => {
    const raw = segments.map((segment) => `${segment}${end}`).join('') + tail;
    const shown = layOutX12(raw);
    expect(shown.split('\n').filter(Boolean)).toHaveLength(segments.length);
    expect(restoreX12(shown, raw)).toBe(raw);
  });

  it('keeps and shows line breaks that stand where others do not', () => {
    const raw = `${segments
      .slice(0, 3)
      .map((segment) => `${segment}~`)
      .join('')}\r\n${segments
      .slice(3)
      .map((segment) => `${segment}~`)
      .join('')}`;
    const shown = layOutX12(raw);
    expect(shown.split('\n')[2]).toBe('ST*850*0001~␍␊');
    expect(shown.split('\n')).toHaveLength(segments.length);
    expect(restoreX12(shown, raw)).toBe(raw);
  });

  it('is had again byte for byte, whatever its line breaks', () => {
    const part = fc.constantFrom(...segments, '~', '*', '\r', '\n', '\r\n', '␍', '␊', '␛', ' ', '|', 'PO1*1', '\n\n');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        for (const raw of [parts.join(''), `${isa}~${parts.join('')}`, `${isa}\n${parts.join('')}`])
          expect(restoreX12(layOutX12(raw), raw)).toBe(raw);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps what was typed on a line of its own, and only that', () => {
    const folded = segments.map((segment) => `${segment}~`).join('');
    const edited = layOutX12(folded).replace('SE*3', 'REF*DP*048~\nSE*4');
    expect(restoreX12(edited, folded)).toBe(folded.replace('SE*3', 'REF*DP*048~SE*4'));
    const plain = segments.map((segment) => `${segment}~\r\n`).join('');
    const more = layOutX12(plain).replace('SE*3', 'REF*DP*048~\nSE*4');
    expect(restoreX12(more, plain)).toBe(plain.replace('SE*3', 'REF*DP*048~\r\nSE*4'));
  });

  it('can be shown in one piece and again by lines', () => {
    expect(joinSegments(lines)).toBe(segments.map((segment) => `${segment}~`).join(''));
    expect(splitSegments(joinSegments(lines))).toBe(lines);
    expect(joinSegments(segments.join('\n'))).toBe(segments.join('\n'));
  });
});
