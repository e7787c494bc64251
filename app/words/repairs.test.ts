import { describe, expect, it } from 'vitest';
import { operationInWords, placesInWords, reasonInWords, repairInShort, ruleStateWords } from './repairs.ts';

describe('repairs in words', () => {
  it('say where, what it was and what it becomes, line by line', () => {
    const path = '/line_items/*/tax_lines/0/title';
    expect(operationInWords({ op: 'replace', path, was: 'Levy', value: 'VAT' })).toBe(
      'title of tax line 1 of each line item: “Levy” becomes “VAT”',
    );
    expect(operationInWords({ op: 'add', path: '/tags/*', value: 1.5 })).toBe('each tag: 1.5 is added');
    expect(operationInWords({ op: 'remove', path: '/taxes/*/taxCode/externalId' })).toBe(
      'external id of tax code of each tax is removed',
    );
    expect(operationInWords({ op: 'remove', path: '/note' })).toBe('note is removed');
    expect(operationInWords({ op: 'test', path: '', value: null })).toBe('only where the whole payload is null');
  });

  it('in short tell their first change, and how many there are besides', () => {
    const change = (from: string) => ({ op: 'replace' as const, path: '/note', was: from, value: 'B' });
    const names = { systems: {}, channels: {}, entities: {}, locations: {} };
    const short = (...from: string[]) => repairInShort({ kind: 'patch', operations: from.map(change) }, names);
    expect(short('A')).toBe('“A” becomes “B” in note');
    expect(short('A', 'C')).toBe('“A” becomes “B” in note, and 1 more change');
    expect(short('A', 'C', 'D')).toBe('“A” becomes “B” in note, and 2 more changes');
    expect(repairInShort({ kind: 'none' }, names)).toBe('Another attempt');
  });

  it('say why one does not apply without a pointer', () => {
    expect(reasonInWords('Nothing at /line_items/*/sku is "A/B".')).toBe(
      'Nothing at “sku of each line item” is "A/B".',
    );
    expect(reasonInWords('There is nothing at /tax_lines/0/title.')).toBe('There is nothing at “title of tax line 1”.');
    expect(reasonInWords('/currency is not "USD".')).toBe('“currency” is not "USD".');
    for (const other of ['The case is on hold.', 'It answered 500 at /services/rest today.', 'A /slash'])
      expect(reasonInWords(other)).toBe(other);
  });

  it('say where a newer version differs', () => {
    const told = (where: string) =>
      `Shopify US has a newer version of this order, which differs at ${where}. Take it over.`;
    expect(placesInWords(told('/note'))).toBe(told('“note”'));
    expect(placesInWords(told('/note, /line_items/0/sku and 3 more'))).toBe(
      told('“note”, “sku of line item 1” and 3 more'),
    );
    expect(placesInWords('Somebody was first.')).toBe('Somebody was first.');
  });

  it('tell a rule that is on from one that is off, over, or held back with all others', () => {
    const now = new Date('2026-03-01T12:00:00.000Z');
    const expires_at = '2026-03-02T12:00:00.000Z';
    const word = (rule: { enabled: boolean; expires_at: string }, allowed = true) =>
      ruleStateWords(rule, allowed, now).word;
    expect(word({ enabled: true, expires_at })).toBe('on');
    expect(word({ enabled: true, expires_at }, false)).toBe('held back');
    expect(word({ enabled: false, expires_at }, false)).toBe('off');
    expect(word({ enabled: true, expires_at: now.toISOString() })).toBe('expired');
  });
});
