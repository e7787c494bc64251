import { expect, test } from 'vitest';
import { smallEstate, systemOf } from '#tests/fixtures/estate.ts';
import { locationsByPlace, placeOf } from './places.ts';
import { stockSources } from '../reconciliation/stock/sources.ts';

const global = (id: string) => `gid://shopify/Location/${id}`;
const { settings } = systemOf('shopify', { 'location.dc-one': global('71'), 'location.pier-shop': '79' });

test('a place that the estate file names by its global id is the one that messages name by its number', () => {
  expect([placeOf(settings, 'dc-one'), placeOf(settings, 'pier-shop'), placeOf(settings, 'moon')]).toEqual([
    '71',
    '79',
    undefined,
  ]);
  expect([...locationsByPlace(settings)]).toEqual([
    ['71', 'dc-one'],
    ['79', 'pier-shop'],
  ]);
  expect([...locationsByPlace(undefined)]).toEqual([]);
});

test('what a shop lists is compared at the place it names', () => {
  const estate = {
    ...smallEstate,
    systems: smallEstate.systems.map((one) => (one.id === 'shop' ? { ...one, settings } : one)),
  };
  const plan = { id: 'stock', kind: 'stock', compare: ['channel'] } as unknown as Parameters<typeof stockSources>[0];
  const sources = stockSources(plan, {
    estate,
    offers: () => true,
    mapping: () => undefined,
    mappedPlaces: () => new Map(),
  });
  expect(sources.find(({ channel }) => channel === 'web')?.places).toEqual(new Map([['71', 'dc-one']]));
});
