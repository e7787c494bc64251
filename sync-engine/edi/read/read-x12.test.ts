import { describe, expect, test } from 'vitest';
import { ediPartner, interchangeOf, purchaseOrder, read, setOf } from '#tests/fixtures/edi.ts';
import { allErrors, type X12Reading } from '../reading.ts';
import { acceptedSets, readX12 } from './read-x12.ts';

const codes = (reading: X12Reading) => allErrors(reading).map(({ level, code, path }) => `${level} ${code} ${path}`);
const verdicts = ({ interchanges }: X12Reading) =>
  interchanges.flatMap(({ groups }) => groups.flatMap(({ sets }) => sets.map(({ verdict }) => verdict)));
const order = purchaseOrder();

describe('an X12 document', () => {
  test('is read with every segment at its place', () => {
    const reading = read(interchangeOf([order]));
    expect(codes(reading)).toEqual([]);
    const [{ set, group, interchange } = { set: undefined, group: undefined, interchange: undefined }] =
      acceptedSets(reading);
    expect(interchange?.header).toMatchObject({ sender: '9254110060', controlNumber: '000000905', test: false });
    expect(group?.header).toMatchObject({ functionalId: 'PO', version: '004010' });
    expect(set?.content.segments.map(({ id }) => id)).toEqual(['BEG', 'CUR', 'REF', 'PER']);
    expect(set?.content.loops.map(({ head, segments }) => [head.id, segments.map(({ id }) => id)])).toEqual([
      ['N1', ['N3', 'N4']],
      ['PO1', []],
      ['PO1', []],
      ['CTT', []],
    ]);
    expect(set?.content.loops[1]?.loops.map(({ head }) => head.id)).toEqual(['PID']);
    const price = set?.segments.find(({ id }) => id === 'PO1');
    expect(reading.text.slice(price?.from, price?.to)).toBe('PO1*1*12*EA*4.25**VN*TOTE-MOSS*UP*811793023769');
  });

  test.each([
    ['line breaks behind terminators', { lineBreak: '\r\n' }],
    ['no line breaks', { lineBreak: '' }],
    ['other delimiters', { element: '|', component: '^', terminator: '\u0015' }],
    ['a line feed as terminator', { terminator: '\n', lineBreak: '' }],
    ['carriage return and line feed as terminator', { terminator: '\r\n', lineBreak: '' }],
    ['a carriage return as terminator', { terminator: '\r', lineBreak: '' }],
    ['a tab between elements', { element: '\t' }],
    ['repeated terminators', { lineBreak: '~\n' }],
    ['blank lines between segments', { lineBreak: '\n\n  \n' }],
  ])('is the same with %s', (_, changes) => {
    const reading = read(interchangeOf([order], changes));
    expect(codes(reading)).toEqual([]);
    const values = ({ interchanges }: X12Reading) =>
      interchanges[0]?.groups[0]?.sets[0]?.segments.map(({ id, elements }) => [id, ...elements]);
    expect(values(reading)).toEqual(values(read(interchangeOf([order]))));
  });

  test.each([
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['white space around it', (text: string) => `\r\n  ${text}\r\n \n`],
    ['the end-of-file mark of old systems', (text: string) => `${text}\u001a`],
  ])('is the same with %s', (_, change) => {
    expect(codes(read(change(interchangeOf([order]))))).toEqual([]);
  });

  test('may hold several interchanges, each with delimiters of its own', () => {
    const reading = read(
      interchangeOf([order]) + interchangeOf([order], { element: '|', terminator: '!', control: '000000906' }),
    );
    expect(codes(reading)).toEqual([]);
    expect(reading.interchanges.map(({ header }) => header?.controlNumber)).toEqual(['000000905', '000000906']);
    expect(acceptedSets(reading).map(({ set }) => set.name)).toEqual([
      { id: '850', ordinal: 1 },
      { id: '850', ordinal: 2 },
    ]);
  });

  test('of version 005010 may declare a repetition separator', () => {
    const isa = { 11: '^' };
    const reading = read(interchangeOf([order], { isaVersion: '00501', version: '005010', isa }));
    expect(codes(reading)).toEqual([]);
    expect(reading.interchanges[0]?.header?.segment.delimiters.repetition).toBe('^');
  });

  test('whose ISA is not padded is taken, and said so', () => {
    const reading = read(interchangeOf([order], { isa: { 2: '', 6: '9254110060', 8: 'HARBOURGOODS' } }));
    expect(codes(reading)).toEqual([
      'interchange 011 /ISA[1]/ISA02',
      'interchange 006 /ISA[1]/ISA06',
      'interchange 008 /ISA[1]/ISA08',
    ]);
    expect(reading.interchanges[0]?.verdict).toBe('accepted_with_errors');
    expect(verdicts(reading)).toEqual(['accepted']);
    expect(allErrors(reading)[1]?.message).toBe('The sender (ISA06) has 10 characters instead of 15.');
  });

  test('without an envelope is taken from a partner who may send such', () => {
    const text = `${order.replaceAll('\n', '~\n')}~`;
    expect(verdicts(read(text, { fragments: true }))).toEqual(['accepted']);
    const refused = read(text);
    expect(verdicts(refused)).toEqual(['rejected']);
    expect(codes(refused)).toEqual(['interchange 022 /850[1]/ST[1]']);
  });

  test('cut off within a segment does not take the next interchange with it', () => {
    const reading = read(
      `${interchangeOf([order]).slice(0, 400)}\n${interchangeOf([order], { control: '000000906' })}`,
    );
    expect(verdicts(reading)).toEqual(['rejected', 'accepted']);
    expect(codes(reading)).toContain('interchange 023 /ISA[1]/IEA');
  });
});

describe('what is wrong with an envelope', () => {
  test.each([
    ['another control number in IEA', { trailer: 'IEA*1*000000999' }, 'interchange 001 /IEA[1]/IEA02'],
    ['a wrong count of groups', { trailer: 'IEA*2*000000905' }, 'interchange 021 /IEA[1]/IEA01'],
    ['no trailer', { trailer: '' }, 'interchange 023 /ISA[1]/IEA'],
    ['a wrong count of sets', { groupCount: '2' }, 'group 5 /GE[1]/GE01'],
    ['an invalid date', { isa: { 9: '260231' } }, 'interchange 014 /ISA[1]/ISA09'],
    ['an invalid test indicator', { isa: { 15: 'X' } }, 'interchange 020 /ISA[1]/ISA15'],
  ])('%s is noted and its sets are taken', (_, changes, expected) => {
    const reading = read(interchangeOf([order], changes));
    expect(codes(reading)).toEqual([expected]);
    expect(verdicts(reading)).toEqual(['accepted']);
  });

  test.each([
    ['an unknown sender', { isa: { 6: 'STRANGER'.padEnd(15) } }, 'interchange 006 /ISA[1]/ISA06'],
    ['an unknown receiver', { isa: { 8: 'SOMEBODY'.padEnd(15) } }, 'interchange 009 /ISA[1]/ISA08'],
    ['a version of long ago', { isaVersion: '00100' }, 'interchange 003 /ISA[1]/ISA12'],
    ['an unsupported version', { version: '003060' }, 'group 2 /GS[1]/GS08'],
    ['a group that is not taken', { functionalId: 'IN' }, 'group 1 /GS[1]/GS01'],
  ])('%s rejects its sets', (_, changes, expected) => {
    const reading = read(interchangeOf([order], changes));
    expect(codes(reading)).toContain(expected);
    expect(verdicts(reading)).toEqual(['rejected']);
    expect(acceptedSets(reading)).toEqual([]);
  });

  test.each([
    ['no space may separate elements', 'ISA 00 ', 'interchange 026 /ISA[1]'],
    ['it may not end in its first segment', interchangeOf([order]).slice(0, 60), 'interchange 023 /ISA[1]'],
    ['its component separator is none', interchangeOf([order], { component: 'A' }), 'interchange 027 /ISA[1]'],
    ['a file that is no X12', '{"order": 1}', 'document not_x12 /?[1]'],
    ['segments outside of everything', `${interchangeOf([order])}PO1*1~`, 'document stray_segment /PO1[1]'],
    ['segments between sets', interchangeOf([order, 'N1*ST*Nobody']), 'interchange 022 /N1[1]'],
  ])('%s', (_, text, expected) => {
    expect(codes(read(text))).toContain(expected);
  });

  test('a group without a trailer is named, and so is a control number that differs', () => {
    const text = interchangeOf([order]);
    expect(codes(read(text.replace('GE*1*77~\n', '')))).toEqual(['group 3 /GS[1]/GE']);
    expect(codes(read(text.replace('GE*1*77', 'GE*1*78')))).toEqual(['group 4 /GE[1]/GE02']);
  });
});

describe('what is wrong with a set', () => {
  const among = (set: string) => read(interchangeOf([purchaseOrder('0001'), set, purchaseOrder('0003')]));
  test.each([
    ['a wrong count of segments', purchaseOrder('0002').replace('SE*13', 'SE*12'), 'set 4 /850[2]/SE[1]/SE01'],
    ['another control number', purchaseOrder('0002').replace('SE*13*0002', 'SE*13*0009'), 'set 3 /850[2]/SE[1]/SE02'],
    ['no trailer', purchaseOrder('0002').replace('\nSE*13*0002', ''), 'set 2 /850[2]/CTT[1]/SE'],
    ['a set that is not known', setOf('999', 'ABC*1', '0002'), 'set 1 /999[1]/ST[1]/ST01'],
    ['a set that may not be sent', setOf('810', 'BIG*20260215*1\nTDS*100', '0002'), 'set 1 /810[1]/ST[1]/ST01'],
    ['a set of another group', setOf('846', 'BIA*00*DD*1*20260215\nLIN**VN*A', '0002'), 'set 6 /846[1]/ST[1]/ST01'],
    ['no set id', setOf('', 'BEG*00', '0002'), 'set 6 /ST[1]/ST[1]/ST01'],
    ['a control number used before', purchaseOrder('0001'), 'set 23 /850[2]/ST[1]/ST02'],
    ['no control number', purchaseOrder(''), 'set 7 /850[2]/ST[1]/ST02'],
  ])('%s rejects it and not its neighbours', (_, set, expected) => {
    const reading = among(set);
    expect(codes(reading)).toContain(expected);
    expect(verdicts(reading)).toEqual(['accepted', 'rejected', 'accepted']);
  });

  const changed = (from: string, to: string) => read(interchangeOf([order.replace(from, to)]));
  test.each([
    ['a missing first segment', 'BEG*00*SA*PO-48213**20260214', 'REF*AA*1', 'segment 3 /850[1]/BEG'],
    ['no lines at all', /PO1[^]*MUG-01\n/.exec(order)?.[0] ?? '', '', 'segment 3 /850[1]/N4[1]/PO1'],
    ['a missing value', 'PO1*2*3*EA*19.99**VN*MUG-01', 'SI*AB**X', 'element 1 /850[1]/SI[1]/SI02'],
    ['a date that is none', '20260214', '20260230', 'element 8 /850[1]/BEG[1]/BEG05'],
    ['a number that is none', '*12*EA', '*1O*EA', 'element 6 /850[1]/PO1[1]/PO102'],
    ['a letter beyond ASCII', 'Iris Vane', 'Iris Väne', 'element 6 /850[1]/PER[1]/PER02'],
    ['a control character', 'Iris Vane', 'Iris\u0007Vane', 'element 6 /850[1]/PER[1]/PER02'],
    ['a line break in a value', 'Iris Vane', 'Iris\rVane', 'element 6 /850[1]/PER[1]/PER02'],
  ])('%s rejects it', (_, from, to, expected) => {
    const reading = changed(from, to);
    expect(codes(reading)).toContain(expected);
    expect(verdicts(reading)).toEqual(['rejected']);
  });

  test.each([
    ['a segment that is none', 'CUR*BY*USD', 'XYZ*1', 'segment 1 /850[1]/XYZ[1]'],
    ['a segment of other sets', 'CUR*BY*USD', 'W12*CC', 'segment 6 /850[1]/W12[1]'],
    ['a segment behind its place', 'REF*DP*048', 'FOB*CC\nREF*DP*048', 'segment 7 /850[1]/REF[1]'],
    ['a segment too often', 'CUR*BY*USD', 'CUR*BY*USD\nCUR*SE*USD', 'segment 5 /850[1]/CUR[2]'],
    ['a value too long', 'Iris Vane', 'I'.repeat(61), 'element 5 /850[1]/PER[1]/PER02'],
    ['a value too short', 'CUR*BY*USD', 'CUR*B*USD', 'element 4 /850[1]/CUR[1]/CUR01'],
    ['a code not in its list', 'PID*F', 'PID*Q', 'element 7 /850[1]/PID[1]/PID01'],
    ['too many elements', 'N3*400 Canal Road', 'N3*400 Canal Road**x', 'element 3 /850[1]/N3[1]/N303'],
    ['a qualifier without its value', '*UP*811793023769', '*UP', 'element 2 /850[1]/PO1[1]/PO109'],
    ['a component separator in text', 'Iris Vane', 'Iris>Vane', 'element 6 /850[1]/PER[1]/PER02'],
  ])('%s is noted, and rejects it with a strict partner', (_, from, to, expected) => {
    const set = setOf('850', order.replace(from, to).split('\n').slice(1, -1).join('\n'));
    const reading = read(interchangeOf([set]));
    expect(codes(reading)).toContain(expected);
    expect(verdicts(reading)).toEqual(['accepted_with_errors']);
    expect(verdicts(read(interchangeOf([set]), { acceptance: 'strict' }))).toEqual(['rejected']);
  });

  test('a segment behind its place is read all the same', () => {
    const [{ set } = { set: undefined }] = acceptedSets(changed('CUR*BY*USD\nREF*DP*048', 'REF*DP*048\nCUR*BY*USD'));
    expect(set?.content.segments.map(({ id }) => id)).toContain('CUR');
  });

  test('an error says what, where and what to do', () => {
    const [error] = allErrors(changed('*12*EA', '*1O*EA'));
    expect(error).toMatchObject({
      message: 'The quantity ordered (PO102) is "1O", which is no number.',
      segment: 'PO1',
      position: 9,
      element: { number: 2, reference: '330' },
      value: '1O',
      effect: 'rejects',
    });
    const text = interchangeOf([order.replace('*12*EA', '*1O*EA')]);
    expect(text.slice(error?.from, error?.to)).toBe('1O');
    for (const one of allErrors(among(purchaseOrder('0001')))) expect(one.remedy).not.toBe('');
  });

  test('text beyond ASCII is read in the encoding agreed, and nothing else is', () => {
    const text = interchangeOf([order.replace('Iris Vane', 'Íris Väne')]);
    const name = (bytes: Uint8Array, characters: string) => {
      const partner = ediPartner({ characters });
      const [one] = acceptedSets(readX12(bytes, { partners: [partner] }));
      return one?.set.segments.find(({ id }) => id === 'PER')?.elements[1];
    };
    expect(name(Buffer.from(text), 'utf-8')).toBe('Íris Väne');
    expect(name(Buffer.from(text, 'latin1'), 'iso-8859-1')).toBe('Íris Väne');
    expect(name(Buffer.from(text, 'latin1'), 'utf-8')).toBeUndefined();
  });
});
