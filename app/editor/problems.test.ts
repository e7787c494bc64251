import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldProblems, prettyJson, syntaxProblems } from './problems.ts';

describe('problems in the payload, as one types', () => {
  it('says in words where the text stops being JSON', () => {
    const text = '{\n  "a": 1,\n  "b": \n}';
    expect(syntaxProblems(text)[0]).toMatchObject({ message: 'A value is expected here.', place: 'line 4, column 1' });
    expect(syntaxProblems('{"a": TX-9}')[0]?.message).toBe('This is not a JSON value. Text needs double quotes.');
    expect(syntaxProblems('{"a": 1} x')[0]?.kind).toBe('syntax');
    expect(syntaxProblems('{"a": 1 // why\n}')).not.toEqual([]);
  });
  it('finds nothing wrong with JSON, and something wrong with no text at all', () => {
    expect(syntaxProblems('{"a":[1,2.5e3,null,"x"]}')).toEqual([]);
    expect(syntaxProblems('').length).toBeGreaterThan(0);
  });
  it('marks the field a problem names, only in the document it is about', () => {
    const text = '{\n  "lines": [{ "tax": "TX-9" }]\n}';
    const problem = {
      error_class: 'mapping',
      error_code: '',
      path: '/lines/0/tax',
      document: 'received',
      message: 'TX-9 is not mapped.',
    } as const;
    const [marked] = fieldProblems(text, [problem], 'received');
    expect(marked && text.slice(marked.from, marked.to)).toBe('"TX-9"');
    expect(marked?.place).toBe('line 2, column 22');
    expect(fieldProblems(text, [problem], 'canonical')).toEqual([]);
  });
  it('names a field that is missing at the object it is missing from', () => {
    const problem = {
      error_class: 'validation',
      error_code: '',
      path: '/email',
      document: 'received',
      message: 'Required.',
    } as const;
    expect(fieldProblems('{"id":1}', [problem], 'received')[0]?.message).toBe('email is missing. Required.');
  });
  it('marks the element that a problem of an EDI document names, in the words of the problem', () => {
    const text = 'ST*850*0001~\nPO1*1*12*EA*4.25~\nPO1*2*3*EA***VN*MUG~\nSE*4*0001~';
    const problem = {
      error_class: 'validation',
      error_code: '',
      path: '/850[1]/PO1[2]/PO104',
      document: 'received',
      message: 'Line 2 has no unit price (PO104).',
    } as const;
    const [marked] = fieldProblems(text, [problem], 'received');
    expect(marked && text.slice(marked.from, marked.to)).toBe('**');
    expect(marked).toMatchObject({ place: 'line 3, column 11', message: 'Line 2 has no unit price (PO104).' });
  });
});

describe('laying JSON out', () => {
  it('keeps every value and lays it out as JSON.stringify would', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });
  it('keeps the digits of numbers longer than a double can hold', () => {
    expect(prettyJson('{"id":820982911946154508,"price":199.00}')).toBe(
      '{\n  "id": 820982911946154508,\n  "price": 199.00\n}',
    );
  });
  it('leaves text that is not JSON alone', () => {
    expect(prettyJson('ISA*00*')).toBe('ISA*00*');
  });
});
