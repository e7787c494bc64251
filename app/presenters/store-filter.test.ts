import { expect, it } from 'vitest';
import { isAskedFor, storeFilters } from './store-filter.ts';

const store = (id: string, name: string, rest: Partial<Parameters<typeof isAskedFor>[0]> = {}) => ({
  id,
  name,
  word: 'on schedule',
  stopped: 0,
  company: 'Lane Inc.',
  region: 'us-east',
  ownership: 'owned',
  ...rest,
});
const stores = [
  store('store-001', 'New York SoHo', { word: 'silent' }),
  store('store-002', 'Boston Newbury', { stopped: 1 }),
  store('store-035', 'London Regent Street', { region: 'uk', company: 'Lane Ltd', ownership: 'franchise' }),
];
const chosen = (search: string) =>
  stores.filter((one) => isAskedFor(one, new URLSearchParams(search))).map(({ id }) => id);

it('lists every store where nothing is asked for', () => {
  expect(chosen('')).toHaveLength(3);
});

it('chooses by the state of the line, by company, region and ownership, and by name or id', () => {
  expect(chosen('state=silent&state=day+in+quarantine')).toEqual(['store-001', 'store-002']);
  expect(chosen('company=Lane+Ltd&ownership=franchise')).toEqual(['store-035']);
  expect(chosen('region=us-east&state=on+schedule')).toEqual(['store-002']);
  expect(chosen('q=london%0A+STORE-001')).toEqual(['store-001', 'store-035']);
  expect(chosen('q=paris')).toEqual([]);
});

it('offers what there is, once each', () => {
  expect(storeFilters(stores).regions.map(({ value }) => value)).toEqual(['uk', 'us-east']);
});
