import { describe, expect, it } from 'vitest';
import { hiddenAtFirst, readListAddress, withHidden } from './table-address.ts';

const columns = [{ id: 'number' }, { id: 'entity', atFirst: 'hidden' as const }, { id: 'tier' }];
const atFirst = hiddenAtFirst(columns);
const hidden = (search: URLSearchParams) => readListAddress(search, [], undefined, atFirst).hidden;

describe('the columns of a list', () => {
  it('are the usual ones until somebody chooses', () => {
    expect(hidden(new URLSearchParams())).toEqual(['entity']);
    expect(withHidden(new URLSearchParams('hide=tier'), ['entity'], atFirst).toString()).toBe('');
  });
  it('can all be shown', () => {
    const all = withHidden(new URLSearchParams(), [], atFirst);
    expect(all.toString()).toBe('hide=');
    expect(hidden(all)).toEqual([]);
  });
  it('stay as chosen in the address', () => {
    expect(hidden(withHidden(new URLSearchParams(), ['entity', 'tier'], atFirst))).toEqual(['entity', 'tier']);
  });
});
