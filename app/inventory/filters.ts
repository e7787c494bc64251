import { changeKinds } from '#app/queries/stock-changes.ts';
import { itemStates } from '#app/queries/inventory-items.ts';
import { readTimeRange } from '#app/time-range.ts';
import type { Pairs } from '#app/presenters/published-pairs.ts';

const values = (search: URLSearchParams, name: string) =>
  [...new Set(search.getAll(name))].slice(0, 500).map((value) => value.slice(0, 200));

const text = (search: URLSearchParams) => (search.get('q') ?? '').trim().toLowerCase().slice(0, 200);

/** The filters of the list of items: of what is published, the places that are asked for. */
export function readItemFilter(search: URLSearchParams, pairs: Pairs) {
  const [channels, locations] = [values(search, 'channel'), values(search, 'location')];
  const kept = pairs.locations
    .map((location, index) => ({ location, channel: pairs.channels[index] ?? '' }))
    .filter(
      ({ location, channel }) =>
        (channels.length === 0 || channels.includes(channel)) &&
        (locations.length === 0 || locations.includes(location)),
    );
  return {
    locations: kept.map(({ location }) => location),
    channels: kept.map(({ channel }) => channel),
    sku: '',
    states: itemStates.filter((one) => search.getAll('state').includes(one)),
    text: text(search),
  };
}

/** The filters of a list of stock changes. @param sku - one whose history it is; empty for all */
export function readChangeFilter(search: URLSearchParams, now: Date, sku = '') {
  const { from, to } = readTimeRange(search, now);
  return {
    from,
    to,
    sku,
    kinds: changeKinds.filter((one) => search.getAll('kind').includes(one)),
    locations: values(search, 'location'),
    channels: values(search, 'channel'),
    text: text(search),
  };
}
