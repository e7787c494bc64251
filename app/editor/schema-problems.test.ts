import { describe, expect, it } from 'vitest';
import { fieldProblems } from './problems.ts';
import { schemaProblems } from './schema-problems.ts';

const found = (text: string) => schemaProblems(text, 'channel_order').map(({ path, message }) => [path, message]);
const broken = JSON.stringify({
  external_id: 'A-1',
  number: '‹hidden 1›',
  tier: 'overnight',
  lines: [{ sku: 'A', quantity: '2' }],
});

describe('an order of Syncline’s own API, as one types', () => {
  it('is held against the published contract, field by field and in words', () => {
    const problems = new Map(found(broken) as [string, string][]);
    expect(problems.get('/tier')).toBe('One of these is expected: express, standard, economy.');
    expect(problems.get('/lines/0/quantity')).toBe('A number is expected here.');
    expect(problems.has('/currency')).toBe(true);
    expect(problems.has('/lines/0/discounts')).toBe(false);
  });
  it('names what is missing, where it is missing', () => {
    const marks = fieldProblems(broken, schemaProblems(broken, 'channel_order'), 'received');
    expect(marks.map(({ message }) => message)).toContain(
      'lines 1 › title is missing. Text in double quotes is expected here.',
    );
  });
  it('is not judged by values that are hidden, nor while it is not JSON', () => {
    expect(found('{"number":"‹hidden 1›"').length).toBe(0);
    expect(new Map(found('{"external_id":"‹hidden 2›"}') as [string, string][]).has('/external_id')).toBe(false);
  });
});
