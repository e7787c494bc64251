import { describe, expect, it } from 'vitest';
import { DifferenceGroups } from './groups.ts';

const tax = { step: 'erp_create_sales_order', path: '/lines/*/tax', before: '"A"', after: '"B"' };

describe('groups of differences', () => {
  it('count an order once, however many of its lines differ, and name some of them', () => {
    const groups = new DifferenceGroups();
    for (let i = 0; i < 30; i++) groups.add(`order-${i}`, [tax, tax]);
    const [group, ...more] = groups.list();
    expect(more).toEqual([]);
    expect(group).toMatchObject({ ...tax, payloads: 30 });
    expect(group?.examples).toHaveLength(10);
  });

  it('come with those of most orders first', () => {
    const groups = new DifferenceGroups();
    groups.add('a', [{ ...tax, after: '"C"' }]);
    groups.add('a', [tax]);
    groups.add('b', [tax]);
    expect(groups.list().map(({ payloads }) => payloads)).toEqual([2, 1]);
  });

  it('become one where a place differs in another way in every order', () => {
    const groups = new DifferenceGroups();
    for (let i = 0; i < 50; i++) groups.add(`order-${i}`, [{ ...tax, before: String(i), after: String(i + 1) }]);
    const list = groups.list();
    expect(list).toHaveLength(11);
    expect(list[0]).toMatchObject({ before: '‹various›', after: '‹various›', payloads: 40 });
  });

  it('are two hundred at most, and say how much is left out', () => {
    const groups = new DifferenceGroups();
    for (let i = 0; i < 250; i++) groups.add('order', [{ ...tax, path: `/p${i}` }]);
    expect(groups.list()).toHaveLength(200);
    expect(groups.left).toBe(50);
  });
});
