import { describe, expect, it } from 'vitest';
import { operationsOfEdit } from './operations-of-edit.ts';

const of = (before: unknown, after: unknown) => operationsOfEdit(JSON.stringify(before), JSON.stringify(after));

describe('the patch behind an edit', () => {
  it('changes each value in every line, where it was what it was here', () => {
    const before = {
      line_items: [
        { sku: 'A', tax: 'Levy' },
        { sku: 'B', tax: 'Levy' },
      ],
    };
    const after = {
      line_items: [
        { sku: 'A', tax: 'VAT' },
        { sku: 'B', tax: 'VAT' },
      ],
    };
    expect(of(before, after)).toEqual([{ op: 'replace', path: '/line_items/*/tax', value: 'VAT', was: 'Levy' }]);
  });

  it('adds and removes fields, and escapes their names', () => {
    expect(of({ 'a/b': 1, c: 2 }, { c: 2, 'd~': 3 })).toEqual([
      { op: 'remove', path: '/a~1b', was: 1 },
      { op: 'add', path: '/d~0', value: 3 },
    ]);
  });

  it('leaves out what belongs to one customer, or to one order alone', () => {
    expect(of({ email: 'a@b.example', lines: [1] }, { email: 'c@d.example', lines: [1, 2] })).toEqual([]);
    expect(operationsOfEdit('not json', '{}')).toEqual([]);
  });
});
