import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFields, changesBetween } from './changes.ts';
import { readExact, sameJson, writeExact } from './exact-json.ts';
import { mergeJson, type Side } from './merge.ts';

const json = fc.json({ maxDepth: 4 });
const same = (a: string, b: string) => sameJson(readExact(a), readExact(b));

/** A flat order of fields under odd names, and who changed which of them. */
const corrections = fc
  .uniqueArray(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'a/b', 'a~b', '0')), { minLength: 1, maxLength: 8 })
  .chain((keys) =>
    fc.record({
      keys: fc.constant(keys),
      by: fc.array(fc.constantFrom('mine', 'theirs', 'nobody'), { minLength: keys.length, maxLength: keys.length }),
    }),
  );
const objectOf = (keys: readonly string[], valueOf: (i: number) => string) =>
  `{"order":{${keys.map((key, i) => `${JSON.stringify(key)}:${valueOf(i)}`).join(',')}}}`;

describe('joining two corrections of one payload', () => {
  it('takes the one that changed anything where the other changed nothing', () => {
    fc.assert(
      fc.property(json, json, (base, other) => {
        expect(mergeJson(base, other, base).conflicts).toEqual([]);
        expect(same(mergeJson(base, other, base).text, other)).toBe(true);
        expect(same(mergeJson(base, base, other).text, other)).toBe(true);
        expect(same(mergeJson(base, other, other).text, other)).toBe(true);
      }),
    );
  });

  it('loses no change where they changed different fields', () => {
    fc.assert(
      fc.property(corrections, ({ keys, by }) => {
        const text = (...who: string[]) =>
          objectOf(keys, (i) => (who.includes(by[i] ?? '') ? `"new ${i}"` : `1000000000000000000${i}.10`));
        const { text: merged, conflicts } = mergeJson(text(), text('mine'), text('theirs'));
        expect(conflicts).toEqual([]);
        expect(same(merged, text('mine', 'theirs'))).toBe(true);
      }),
    );
  });

  it('names the same conflicts whoever merges, and each side wins where it is chosen', () => {
    fc.assert(
      fc.property(json, json, json, fc.infiniteStream(fc.boolean()), (base, mine, theirs, coins) => {
        const { conflicts } = mergeJson(base, mine, theirs);
        expect(
          mergeJson(base, theirs, mine)
            .conflicts.map(({ path }) => path)
            .sort(),
        ).toEqual(conflicts.map(({ path }) => path).sort());
        const choices = new Map(
          conflicts.map(({ path }): [string, Side] => [path, coins.next().value === true ? 'mine' : 'theirs']),
        );
        const { text } = mergeJson(base, mine, theirs, choices);
        const unlike = { mine: new Set(changedFields(text, mine)), theirs: new Set(changedFields(text, theirs)) };
        for (const { path } of conflicts) expect(unlike[choices.get(path) ?? 'mine'].has(path)).toBe(false);
      }),
    );
  });

  it('joins lists of one length element by element, and takes lists of other lengths whole', () => {
    const base = '{"lines":[{"sku":"A","tax":"1"},{"sku":"B","tax":"2"}]}';
    const mine = base.replace('"1"', '"9"');
    const theirs = base.replace('"B"', '"C"');
    expect(mergeJson(base, mine, theirs)).toEqual({
      text: '{"lines":[{"sku":"A","tax":"9"},{"sku":"C","tax":"2"}]}',
      conflicts: [],
    });
    const longer = '{"lines":[{"sku":"A","tax":"1"},{"sku":"B","tax":"2"},{"sku":"D","tax":"3"}]}';
    expect(mergeJson(base, mine, longer).conflicts.map(({ path }) => path)).toEqual(['/lines']);
  });

  it('asks where both changed one field, and says what each made of it', () => {
    const { conflicts } = mergeJson('{"tax":"X","n":1}', '{"tax":"Y","n":1}', '{"n":2}');
    expect(conflicts).toEqual([{ path: '/tax', base: '"X"', mine: '"Y"', theirs: undefined }]);
  });

  it('keeps every digit and every odd key', () => {
    const base = '{"id":820982911946154508,"price":199.00,"__proto__":{"a":1e400},"x":1}';
    const merged = mergeJson(base, base.replace('"x":1', '"x":2.50'), base.replace('199.00', '198.90'));
    expect(merged.text).toBe('{"id":820982911946154508,"price":198.90,"__proto__":{"a":1e400},"x":2.50}');
  });

  it('takes text that is not JSON as one value', () => {
    expect(mergeJson('ISA*1', 'ISA*2', 'ISA*3').conflicts).toHaveLength(1);
    expect(mergeJson('ISA*1', 'ISA*2', 'ISA*3', new Map([['', 'mine']])).text).toBe('ISA*2');
    expect(mergeJson('ISA*1', 'ISA*2', 'ISA*1')).toEqual({ text: 'ISA*2', conflicts: [] });
  });
});

describe('what changed between two payloads', () => {
  it('is nothing where they say the same, however they are written', () => {
    fc.assert(
      fc.property(json, (text) => {
        expect(changesBetween(text, JSON.stringify(JSON.parse(text), null, 3))).toEqual([]);
        const value = readExact(text);
        expect(value && same(writeExact(value), text)).toBe(true);
      }),
      { examples: [['{"a":"\\u0041"}']] },
    );
  });
  it('names fields that were added, removed and changed', () => {
    expect(changesBetween('{"a":1,"b":[1,2],"c":3}', '{"a":1,"b":[1,4],"d":5}')).toEqual([
      { path: ['b', '1'], was: '2', value: '4' },
      { path: ['c'], was: '3', value: undefined },
      { path: ['d'], was: undefined, value: '5' },
    ]);
  });
});
