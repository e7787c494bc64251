import { describe, expect, it } from 'vitest';
import type { Mapping } from '#contracts/v1/mapping.ts';
import { unownedMappings } from './mapping-owners.ts';

const people = { users: new Set(['ann@example.com']), callers: new Set(['item-master']) };
const mapping = (code: string, changes: Partial<Mapping> = {}): Mapping => ({
  kind: 'tax_code',
  system: 'erp',
  code,
  target: 'T1',
  changed_by: 'ann@example.com',
  changed_at: '2026-03-02T10:00:00.000Z',
  reason: 'test',
  ...changes,
});
const found = (...mappings: Mapping[]) => unownedMappings(mappings, people, () => 'ERP');

describe('a mapping', () => {
  it('is owned by whoever changed it last, where no owner is named', () => {
    expect(found(mapping('A'), mapping('B', { changed_by: 'api:item-master' }))).toEqual([]);
    expect(found(mapping('A', { changed_by: 'cli:root', owner: 'Ann@example.com' }))).toEqual([]);
  });

  it('is owned by nobody where the owner may not sign in, whoever changed it', () => {
    expect(found(mapping('A', { owner: 'gone@example.com' }))).toMatchObject([{ id: 'tax_code erp', system: 'erp' }]);
    expect(found(mapping('A', { changed_by: 'api:old' }))).toHaveLength(1);
    expect(found(mapping('A', { changed_by: 'cli:root' }))).toHaveLength(1);
  });

  it('is warned of together with others of its kind and system', () => {
    const gone = { changed_by: 'gone@example.com' };
    const all = found(
      ...['E', 'D', 'C', 'B', 'A'].map((code) => mapping(code, gone)),
      mapping('X', { ...gone, kind: 'sku' }),
    );
    expect(all.map(({ id }) => id)).toEqual(['tax_code erp', 'sku erp']);
    expect(all[0]?.message).toContain('5 of its tax code mappings (A, B, C and 2 more): gone@example.com');
  });
});
