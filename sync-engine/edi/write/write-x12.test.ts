import { describe, expect, test } from 'vitest';
import { ediPartner, interchangeOf, purchaseOrder, read } from '#tests/fixtures/edi.ts';
import { acknowledgeGroups, acknowledgeInterchange } from './acknowledge.ts';
import type { OutSegment } from './outgoing.ts';
import { writeX12 } from './write-x12.ts';

const at = '2026-02-15T14:05:09.000Z';
const confirmation: OutSegment[] = [
  ['BAK', '00', 'AC', 'PO-48213', '20260214'],
  ['N1', 'ST', 'Northfield Store 12', '92', 'S012'],
  ['PO1', '1', '12', 'EA', '4.25', undefined, 'VN', 'TOTE-MOSS'],
  ['ACK', 'IA', '12', 'EA', undefined, undefined, undefined],
];
const write = (segments: readonly OutSegment[], changes: Record<string, unknown> = {}) => {
  const result = writeX12(ediPartner(changes), {
    controlNumber: 41,
    at,
    groups: [{ controlNumber: 7, sets: [{ id: '855', segments }] }],
  });
  return 'errors' in result ? result.errors : Buffer.from(result.bytes).toString('latin1');
};

describe('a document for a partner', () => {
  test('is written with padded header, counts and control numbers, in the partner’s time', () => {
    expect(write(confirmation, { delimiters: { line_break: '\n' }, time_zone: 'America/New_York' })).toBe(
      [
        'ISA*00*          *00*          *ZZ*HARBOURGOODS   *08*9254110060     *260215*0905*U*00401*000000041*0*P*>~',
        'GS*PR*HARBOURGOODS*9254110060*20260215*0905*7*X*004010~',
        'ST*855*0001~',
        'BAK*00*AC*PO-48213*20260214~',
        'N1*ST*Northfield Store 12*92*S012~',
        'PO1*1*12*EA*4.25**VN*TOTE-MOSS~',
        'ACK*IA*12*EA~',
        'SE*6*0001~',
        'GE*1*7~',
        'IEA*1*000000041~',
        '',
      ].join('\n'),
    );
  });

  test('is written with the partner’s delimiters, terminator and versions', () => {
    const text = write(confirmation, {
      delimiters: { element: '|', component: ':', terminator: '\r\n' },
      interchange_version: '00501',
      version: '005010VICS',
    });
    expect(text).toContain('|^|00501|000000041|0|P|:\r\nGS|PR|');
    expect(text).toContain('|X|005010VICS\r\nST|855|0001\r\n');
  });

  const named = (name: string): OutSegment[] => confirmation.map((one) => (one[0] === 'N1' ? ['N1', 'ST', name] : one));
  test.each([
    ['a delimiter', 'Bed * Breakfast', '"*" in N102'],
    ['a letter beyond the encoding', 'José', '"é" in N102'],
    ['a line break', 'Dock\n4', '"\\n" in N102'],
  ])('is refused with %s in its data', (_, name, words) => {
    const errors = write(named(name));
    expect(errors).toMatchObject([{ code: '6', path: '/855[1]/N1[1]/N102', value: name }]);
    expect(typeof errors === 'string' ? '' : errors[0]?.message).toContain(words);
  });

  test('is written with what comes nearest where the partner takes that', () => {
    const text = write(named('José*Łuk ✓'), { unwritable: 'replace' });
    expect(text).toContain('N1*ST*Jose  uk~');
    expect(write(named('José'), { characters: 'iso-8859-1' })).toContain('N1*ST*José~');
  });

  test('that breaks the grammar never leaves', () => {
    expect(write([['BAK', '00', 'AC', undefined, '20260214']])).toMatchObject([
      { level: 'element', code: '1', path: '/855[1]/BAK[1]/BAK03' },
    ]);
    expect(write([['PO1', '1']])).toMatchObject([{ level: 'segment', code: '3', path: '/855[1]/BAK' }]);
    expect(write([...confirmation, ['TD5', 'B', '2', 'UPSN']])).toMatchObject([{ level: 'segment', code: '7' }]);
  });
});

describe('an acknowledgment', () => {
  const acknowledge = (text: string, changes: Record<string, unknown> = {}) => {
    const [interchange] = read(text, changes).interchanges;
    if (interchange === undefined) throw new Error('nothing was read');
    return {
      sets: acknowledgeGroups(interchange).map(({ segments }) =>
        segments.map((one) => one.join('*').replace(/\*+$/, '')),
      ),
      whole: acknowledgeInterchange(interchange)?.join('*'),
    };
  };

  test('accepts what is right', () => {
    expect(acknowledge(interchangeOf([purchaseOrder('0001'), purchaseOrder('0002')])).sets).toEqual([
      ['AK1*PO*77', 'AK2*850*0001', 'AK5*A', 'AK2*850*0002', 'AK5*A', 'AK9*A*2*2*2'],
    ]);
  });

  test('rejects the set that is wrong and names why, element by element', () => {
    const wrong = purchaseOrder('0002').replace('*12*EA', '*1O*E').replace('20260214', '20260230');
    expect(acknowledge(interchangeOf([purchaseOrder('0001'), wrong])).sets).toEqual([
      [
        ...['AK1*PO*77', 'AK2*850*0001', 'AK5*A', 'AK2*850*0002'],
        ...['AK3*BEG*2**8', 'AK4*5*373*8*20260230'],
        ...['AK3*PO1*9**8', 'AK4*2*330*6*1O', 'AK4*3*355*4*E'],
        ...['AK5*R*5', 'AK9*P*2*2*1'],
      ],
    ]);
  });

  test('notes what was taken with errors', () => {
    expect(acknowledge(interchangeOf([purchaseOrder().replace('CUR*BY*USD', 'XYZ*1')])).sets).toEqual([
      ['AK1*PO*77', 'AK2*850*0001', 'AK3*XYZ*3**1', 'AK5*E*5', 'AK9*E*1*1*1'],
    ]);
  });

  test('tells of a missing segment, wrong counts and wrong numbers', () => {
    const short = purchaseOrder().replace(/BEG.*\n/, '');
    expect(acknowledge(interchangeOf([short], { groupCount: '3' })).sets).toEqual([
      ['AK1*PO*77', 'AK2*850*0001', 'AK3*BEG*2**3', 'AK5*R*4*5', 'AK9*R*3*1*0*5'],
    ]);
  });

  test('of a group that is not supported does not judge its sets', () => {
    expect(acknowledge(interchangeOf([purchaseOrder()], { version: '003060' })).sets).toEqual([
      ['AK1*PO*77', 'AK9*R*1*1*0*2'],
    ]);
  });

  test('is sent as the partner profile says', () => {
    const right = interchangeOf([purchaseOrder()]);
    expect(acknowledge(right, { acknowledge: { functional: 'never' } }).sets).toEqual([]);
    expect(acknowledge(right, { acknowledge: { functional: 'errors' } }).sets).toEqual([]);
    const noted = interchangeOf([purchaseOrder().replace('CUR*BY*USD', 'XYZ*1')]);
    expect(acknowledge(noted, { acknowledge: { functional: 'errors' } }).sets).toHaveLength(1);
  });

  test('is never sent for an acknowledgment', () => {
    const answer = 'ST*997*0001\nAK1*PR*7\nAK9*A*1*1*1\nSE*4*0001';
    expect(acknowledge(interchangeOf([answer], { functionalId: 'FA' })).sets).toEqual([]);
  });

  test('of the interchange is sent when it is asked for', () => {
    expect(acknowledge(interchangeOf([purchaseOrder()])).whole).toBeUndefined();
    expect(acknowledge(interchangeOf([purchaseOrder()], { isa: { 14: '1' } })).whole).toBe(
      'TA1*000000905*260215*0930*A*000',
    );
    const cut = { isa: { 14: '1' }, trailer: '' };
    expect(acknowledge(interchangeOf([purchaseOrder()], cut)).whole).toBe('TA1*000000905*260215*0930*E*023');
    const stranger = { isa: { 14: '1', 6: 'STRANGER'.padEnd(15) } };
    expect(acknowledge(interchangeOf([purchaseOrder()], stranger)).whole).toBe('TA1*000000905*260215*0930*R*006');
  });
});
