import { describe, expect, it } from 'vitest';
import { pointerInWords, rangeOfPointer } from './pointer.ts';

const text = '{\n  "lines": [\n    { "sku": "A-1", "tax~/code": "TX-9" },\n    { "sku": "B-2" }\n  ]\n}';
const shown = (pointer: string) => {
  const range = rangeOfPointer(text, pointer);
  return range && [text.slice(range.from, range.to), range.exact];
};

describe('finding the field a problem names', () => {
  it('finds a value by its pointer', () => {
    expect(shown('/lines/1/sku')).toEqual(['"B-2"', true]);
  });
  it('understands escaped segments', () => {
    expect(shown('/lines/0/tax~0~1code')).toEqual(['"TX-9"', true]);
  });
  it('shows a missing field at the container it is missing from', () => {
    expect(shown('/lines/1/quantity')).toEqual(['{', false]);
    expect(shown('/customer/email')).toEqual(['{', false]);
  });
  it('shows a container by its key rather than by all of its text', () => {
    expect(shown('/lines')).toEqual(['"lines"', true]);
  });
  it('finds nothing in an empty text', () => {
    expect(rangeOfPointer('', '/a')).toBeUndefined();
  });
  it('finds and says a place in an EDI document', () => {
    const range = rangeOfPointer('ST*850*0001~PO1*1*2*EA*4.25~SE*3*0001~', '/850[1]/PO1[1]/PO104');
    expect(range).toEqual({ from: 23, to: 27, exact: true });
    expect(pointerInWords('/850[1]/PO1[2]/PO104')).toBe('850 › PO1 2 › PO104');
  });
  it('says a pointer in words, counting from one', () => {
    expect(pointerInWords('/line_items/1/tax_lines/0/title')).toBe('line_items 2 › tax_lines 1 › title');
    expect(pointerInWords('')).toBe('');
  });
});
