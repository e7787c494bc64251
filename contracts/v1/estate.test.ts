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
