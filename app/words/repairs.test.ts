import { describe, expect, it } from 'vitest';
import { operationInWords, ruleStateWords } from './repairs.ts';

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
