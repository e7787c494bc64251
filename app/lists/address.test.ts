import { describe, expect, it } from 'vitest';
import { knownValues, readListAddress, sortParam, withParam } from './address.ts';

const read = (text: string) => readListAddress(new URLSearchParams(text), ['placed', 'amount'], { sort: 'placed', descending: true });

describe('the address of a list', () => {
  it('carries sort, page and columns', () => {
    expect(read('sort=-amount&page=3&cols=number,amount')).toEqual({ sort: 'amount', descending: true, page: 3, columns: ['number', 'amount'] });
    expect(read('sort=amount').descending).toBe(false);
  });
  it.each(['', 'sort=secret', 'page=0', 'page=x', 'page=1.5', 'page=99999'])('falls back where it makes no sense: %s', (text) => {
    expect(read(text)).toMatchObject({ sort: 'placed', descending: true, page: 1 });
  });
  it('turns the direction round on the second click', () => {
    expect(sortParam(read(''), 'amount')).toBe('amount');
    expect(sortParam(read('sort=amount'), 'amount')).toBe('-amount');
    expect(sortParam(read('sort=-amount'), 'amount')).toBe('amount');
  });
  it('begins at the first page when anything but the page changes', () => {
    const search = new URLSearchParams('channel=web&page=4');
    expect(withParam(search, 'sort', 'amount')).toBe('?channel=web&sort=amount');
    expect(withParam(search, 'page', '5')).toBe('?channel=web&page=5');
    expect(withParam(search, 'channel', null)).toBe('?');
  });
  it('keeps only known values of a filter', () => {
    expect(knownValues(new URLSearchParams('state=open&state=x'), 'state', ['open', 'closed'])).toEqual(['open']);
  });
});
