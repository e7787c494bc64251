import { describe, expect, test } from 'vitest';
import { findX12, parseX12Path, x12Path, x12PathInWords } from './path.ts';

const text = [
  'ISA*00*          *00*          *08*9254110060     *ZZ*HARBOURGOODS   *260215*0930*U*00401*000000905*0*P*>~',
  'GS*PO*9254110060*HARBOURGOODS*20260215*0930*77*X*004010~',
  'ST*850*0001~BEG*00*SA*PO-1**20260214~PO1*1*12*EA*4.25**VN*TOTE~PO1*2*3*EA~REF*ZZ*1**AA>17>BB~SE*6*0001~',
  'ST*850*0002~BEG*00*SA*PO-2**20260214~SE*3*0002~',
  'GE*2*77~IEA*1*000000905~',
].join('\n');

const found = (path: string) => {
  const place = parseX12Path(path);
  const range = place && findX12(text, place);
  return range && [text.slice(range.from, range.to), range.exact];
};

describe('a place in an X12 document', () => {
  test.each([
    ['/850[1]', { set: { id: '850', ordinal: 1 } }],
    ['/850[1]/PO1[2]', { set: { id: '850', ordinal: 1 }, segment: { id: 'PO1', ordinal: 2 } }],
    [
      '/850[1]/PO1[2]/PO104',
      { set: { id: '850', ordinal: 1 }, segment: { id: 'PO1', ordinal: 2 }, element: { number: 4 } },
    ],
    [
      '/997[1]/AK4[1]/AK401[2]-1',
      {
        set: { id: '997', ordinal: 1 },
        segment: { id: 'AK4', ordinal: 1 },
        element: { number: 1, repetition: 2, component: 1 },
      },
    ],
    ['/850[1]/PO1[2]/PID', { set: { id: '850', ordinal: 1 }, segment: { id: 'PO1', ordinal: 2 }, missing: 'PID' }],
    ['/850[1]/BEG', { set: { id: '850', ordinal: 1 }, missing: 'BEG' }],
    ['/GS[1]/GS08', { segment: { id: 'GS', ordinal: 1 }, element: { number: 8 } }],
    ['/GS[1]/GE', { segment: { id: 'GS', ordinal: 1 }, missing: 'GE' }],
    ['/?[3]', { segment: { id: '?', ordinal: 3 } }],
    ['/ST[1]/ST[1]/ST01', { set: { id: 'ST', ordinal: 1 }, segment: { id: 'ST', ordinal: 1 }, element: { number: 1 } }],
  ])('%s is written and read', (path, place) => {
    expect(parseX12Path(path)).toEqual(place);
    expect(x12Path(place)).toBe(path);
  });

  test.each(['', '/lines/0/sku', '/customer', '850[1]', '/850[1]/PO1[1]/x', '/850[1]/PO1[1]/PO101/9', '/GS[1]/GS08/x'])(
    '"%s" is none',
    (path) => expect(parseX12Path(path)).toBeUndefined(),
  );

  test.each([
    ['/850[1]/PO1[1]/PO104', '4.25', true],
    ['/850[2]/BEG[1]/BEG03', 'PO-2', true],
    ['/850[1]/REF[1]/REF04-2', '17', true],
    ['/850[1]/PO1[2]', 'PO1', true],
    ['/850[1]', 'ST', true],
    ['/ISA[1]/ISA13', '000000905', true],
    ['/850[1]/PO1[2]/PO104', 'PO1', false],
    ['/850[1]/PO1[1]/PO105', '**', false],
    ['/850[1]/PO1[2]/PID', 'PO1', false],
    ['/850[1]/CTT', 'ST', false],
    ['/850[1]/PO1[9]/PO101', 'ST', false],
  ])('%s is where "%s" stands, exactly: %s', (path, expected, exact) => {
    expect(found(path)).toEqual([expected, exact]);
  });

  test('is not found where its set is not there', () => {
    expect(found('/850[3]/BEG[1]')).toBeUndefined();
  });

  test('is said as people say it', () => {
    expect(x12PathInWords('/850[1]/PO1[2]/PO104')).toBe('850 › PO1 2 › PO104');
    expect(x12PathInWords('/lines/0')).toBeUndefined();
  });
});
