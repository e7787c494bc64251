import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { estate, type EstateInput } from './estate.ts';

const file = () => {
  const text = readFileSync(new URL('../../config/estate.yaml', import.meta.url), 'utf8');
  return parse(text.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')) as EstateInput;
};
const problems = (change: (value: EstateInput) => void) => {
  const value = file();
  change(value);
  const parsed = estate.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
};
const first = <T>(items: readonly T[]): T => {
  const [item] = items;
  if (item === undefined) throw new Error('the list is empty');
  return item;
};

it('accepts the estate that is delivered', () => {
  expect(problems(() => undefined)).toEqual([]);
});

it.each<[string, (value: EstateInput) => void, string]>([
  ['a system declared twice', (value) => value.systems.push(first(value.systems)), 'is declared twice'],
  [
    'a channel of an unknown system',
    (value) => (first(value.channels).system = 'nowhere'),
    'channels.0.system: system "nowhere" is not declared in this file',
  ],
  [
    'a channel whose system is no channel',
    (value) => (first(value.channels).system = 'netsuite'),
    'system "netsuite" has the role erp, expected channel or stores',
  ],
  [
    'a location with an unknown warehouse system',
    (value) => (first(value.locations).wms = 'nowhere'),
    'locations.0.wms',
  ],
  ['a legal entity whose ERP is no ERP', (value) => (first(value.legal_entities).erp = 'taxjar'), 'expected erp'],
  ['a currency without a rate', (value) => (value.rates = { EUR: '1' }), 'rates: no rate for'],
  [
    'an unknown location of a channel',
    (value) => (first(value.channels).locations = ['moon']),
    'location "moon" is not declared',
  ],
])('names %s', (_, change, message) => {
  expect(problems(change).join('\n')).toContain(message);
});

it('takes a range of ids for each location from the first to the last, numbered in its name', () => {
  const value = file();
  const place = { kind: 'store' as const, region: 'us', legal_entity: first(value.legal_entities).id };
  value.locations = [
    { ...place, id: 'pop-up', name: 'Pop-up' },
    { ...place, id: 'mall-08..mall-11', name: 'Mall {number}', store: { ownership: 'franchise' } },
  ];
  value.channels.forEach((channel) => (channel.locations = ['mall-09..mall-10', 'pop-up']));
  const { locations, channels } = estate.parse(value);
  expect(locations.map(({ id, name }) => [id, name])).toEqual([
    ['pop-up', 'Pop-up'],
    ['mall-08', 'Mall 08'],
    ['mall-09', 'Mall 09'],
    ['mall-10', 'Mall 10'],
    ['mall-11', 'Mall 11'],
  ]);
  expect(locations.at(-1)?.store).toEqual({ ownership: 'franchise', commission_percent: '0' });
  expect(first(channels).locations).toEqual(['mall-09', 'mall-10', 'pop-up']);
});

it.each<[string, string, string, string]>([
  ['a range that counts down', 'mall-11..mall-08', 'Mall {number}', 'locations.0.id: expected a range of ids'],
  ['a range of two names', 'mall-08..shop-11', 'Mall {number}', 'locations.0.id: expected a range of ids'],
  ['a range of differently many digits', 'mall-8..mall-11', 'Mall {number}', 'locations.0.id: expected a range of ids'],
  [
    'a range of more digits than are counted',
    'mall-9007199254740993..mall-9007199254740995',
    'Mall {number}',
    'locations.0.id: expected a range of ids that end in 9 digits at most',
  ],
  ['a range whose locations would be named alike', 'mall-08..mall-11', 'Mall', 'locations.0.name: expected {number}'],
  ['no id at all', 'Mall 8', 'Mall', 'locations.0.id: expected an id of lower-case letters'],
])('names %s', (_, id, name, message) => {
  expect(problems(({ locations }) => Object.assign(first(locations), { id, name })).join('\n')).toContain(message);
});

it('names the channel whose range of locations is too long to be counted', () => {
  const asked = problems(({ channels }) => (first(channels).locations = ['store-0000000001..store-0000000300']));
  expect(asked).toEqual(['channels.0.locations.0: expected a range of ids that end in 9 digits at most']);
});

it('names a location that two ranges have', () => {
  const more = { ...first(file().locations), id: 'store-039..store-044', name: 'Store {number}' };
  expect(problems(({ locations }) => locations.splice(1, 0, more))).toContainEqual(
    expect.stringContaining('"store-039" is declared twice'),
  );
});
