import { expect, test } from 'vitest';
import { patchOperation } from '#contracts/v1/repair.ts';
import { applyPatch, DoesNotApply } from './patch.ts';

const order = `{"id":450789469007812345,"tax":"OLD","line_items":[{"sku":"A","code":"OLD"},{"sku":"B","code":"NEW"},{"sku":"C","code":"OLD"}]}`;
const after = (operations: object[]) =>
  applyPatch(
    order,
    operations.map((one) => patchOperation.parse(one)),
  );

test('an operation changes every place its path names, and no digit of what it does not name', () => {
  const text = after([{ op: 'replace', path: '/line_items/*/code', was: 'OLD', value: 'FIT' }]);
  expect(text).toContain('450789469007812345');
  expect(JSON.parse(text)).toMatchObject({
    tax: 'OLD',
    line_items: [{ code: 'FIT' }, { code: 'NEW' }, { code: 'FIT' }],
  });
});

test('what is removed from an array does not move what is still to be removed', () => {
  const text = applyPatch('{"a":[1,2,1,1,3]}', [{ op: 'remove', path: '/a/*', was: 1 }]);
  expect(JSON.parse(text)).toEqual({ a: [2, 3] });
});

test('of several guarded operations those that find nothing are passed over, unless none finds anything', () => {
  const both = [
    { op: 'replace', path: '/shipping_lines/*/code', was: 'OLD', value: 'FIT' },
    { op: 'replace', path: '/line_items/*/code', was: 'OLD', value: 'FIT' },
  ];
  expect(JSON.parse(after(both))).toMatchObject({ line_items: [{ code: 'FIT' }, { code: 'NEW' }, { code: 'FIT' }] });
  expect(() => after(both.slice(0, 1))).toThrow('Nothing at /shipping_lines/*/code is "OLD"');
});

test('things are added to objects, between elements and at the end', () => {
  const text = after([
    { op: 'add', path: '/line_items/*/unit', value: 'each' },
    { op: 'add', path: '/line_items/-', value: { sku: 'D' } },
    { op: 'add', path: '/line_items/0', value: { sku: '0' } },
    { op: 'add', path: '/note', value: null },
  ]);
  const { line_items: lines, note } = JSON.parse(text) as { line_items: { sku: string; unit?: string }[]; note: null };
  expect(lines.map(({ sku, unit }) => [sku, unit])).toEqual([
    ['0', undefined],
    ['A', 'each'],
    ['B', 'each'],
    ['C', 'each'],
    ['D', undefined],
  ]);
  expect(note).toBeNull();
});

test.each([
  ['nothing is there', [{ op: 'replace', path: '/nowhere', value: 1 }], 'nothing at /nowhere'],
  ['nothing is what it was', [{ op: 'replace', path: '/tax', was: 'X', value: 1 }], 'Nothing at /tax is "X"'],
  ['a test fails', [{ op: 'test', path: '/tax', value: 'NEW' }], '/tax is not "NEW"'],
  ['a test fails for one of many', [{ op: 'test', path: '/line_items/*/code', value: 'OLD' }], 'is not "OLD"'],
  ['an index is beyond the end', [{ op: 'add', path: '/line_items/9', value: 1 }], 'Nothing can be added'],
  ['a path leads through a text', [{ op: 'add', path: '/tax/a', value: 1 }], 'Nothing can be added'],
])('it says why it does not apply: %s', (_, operations, message) => {
  expect(() => after(operations)).toThrow(DoesNotApply);
  expect(() => after(operations)).toThrow(message);
});

test('a payload that is not JSON is not patched', () => {
  expect(() => applyPatch('ISA*00*', [{ op: 'remove', path: '/a' }])).toThrow('not JSON');
});

test('a key of the prototype is a key like any other', () => {
  const text = applyPatch('{}', [{ op: 'add', path: '/__proto__', value: { evil: true } }]);
  expect(text).toContain('__proto__');
  expect(({} as { evil?: boolean }).evil).toBeUndefined();
});

test('escaped keys and the whole document', () => {
  expect(JSON.parse(applyPatch('{"a/b":{"c~d":1}}', [{ op: 'replace', path: '/a~1b/c~0d', value: 2 }]))).toEqual({
    'a/b': { 'c~d': 2 },
  });
  expect(applyPatch('{"a":1}', [{ op: 'replace', path: '', value: [] }])).toBe('[]');
});
