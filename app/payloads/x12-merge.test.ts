import { describe, expect, it } from 'vitest';
import { mergeJson } from './merge.ts';

const base = 'ST*850*0001~\nPO1*1*12*EA*4.25~\nPO1*2*3*EA*19.99~\nSE*4*0001~';

describe('two corrections of one EDI document', () => {
  it('are joined element by element', () => {
    const merged = mergeJson(base, base.replace('4.25', '4.50'), base.replace('2*3*EA', '2*5*EA'));
    expect(merged).toEqual({ text: base.replace('4.25', '4.50').replace('2*3*EA', '2*5*EA'), conflicts: [] });
  });
  it('are asked about where both changed the same element', () => {
    const sides = [base, base.replace('4.25', '4.50'), base.replace('4.25', '4.75')] as const;
    const path = '/850[1]/PO1[1]/PO104';
    expect(mergeJson(...sides)).toEqual({
      text: sides[2],
      conflicts: [{ path, base: '4.25', mine: '4.50', theirs: '4.75' }],
    });
    expect(mergeJson(...sides, new Map([[path, 'mine']])).text).toBe(sides[1]);
  });
  it('keep elements that one of them added or took away', () => {
    const added = base.replace('EA*4.25~', 'EA*4.25**VN*MUG~');
    expect(mergeJson(base, added, base.replace('19.99', '20.00')).text).toBe(added.replace('19.99', '20.00'));
    expect(mergeJson(base, base, base.replace('*EA*4.25~', '~')).text).toBe(base.replace('*EA*4.25~', '~'));
  });
  it('are one value where a segment was added or removed', () => {
    const mine = base.replace('SE*4', 'CTT*2~\nSE*5');
    const theirs = base.replace('4.25', '4.75');
    expect(mergeJson(base, mine, theirs).conflicts.map(({ path }) => path)).toEqual(['']);
    expect(mergeJson(base, mine, theirs, new Map([['', 'mine']])).text).toBe(mine);
  });
});
