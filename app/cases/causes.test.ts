import { describe, expect, it } from 'vitest';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { errorClass } from '#contracts/v1/step-event.ts';
import { causeOf } from './causes.ts';

const problem = (more: Partial<CaseProblem>): CaseProblem => ({
  error_class: 'validation',
  error_code: '',
  path: '',
  document: 'received',
  message: '',
  ...more,
});
const context = {
  subject: 'Order 1042',
  system: 'netsuite',
  systemName: (id: string) => (id === 'netsuite' ? 'NetSuite' : id),
};

describe('why a case exists, in plain words', () => {
  it('names the code that is not mapped, the system that needs it and the field it stands in', () => {
    const cause = causeOf(
      problem({
        error_class: 'mapping',
        path: '/tax_lines/0/title',
        missing_mapping: { kind: 'tax_code', system: 'netsuite', code: 'TX-9' },
      }),
      context,
    );
    expect(cause.title).toBe('The tax code “TX-9” is not mapped');
    expect(cause.happened).toContain('Order 1042 stopped. NetSuite needs its own code for the tax code “TX-9”');
    expect(cause.remedy).toContain('Add the mapping');
    expect(cause.where).toBe('tax_lines 1 › title');
  });

  it.each(errorClass.options)('has a title, a happening and a remedy for class %s', (name) => {
    const cause = causeOf(problem({ error_class: name }), context);
    for (const text of [cause.title, cause.happened, cause.remedy]) {
      expect(text.length).toBeGreaterThan(15);
      expect(text).not.toMatch(/!|undefined|_/);
    }
  });

  it('tells a code that nobody mapped from one that the system it was mapped for does not have', () => {
    const cause = causeOf(problem({ error_class: 'mapping', message: 'Invalid field value US-9.' }), context);
    expect(cause.title).toBe('NetSuite does not know a code in it');
    expect(cause.happened).toContain('Invalid field value US-9.');
    expect(cause.remedy).toContain('“Repair all”');
  });

  it('names the product, so that causes of two products are told apart', () => {
    const of = (error_code: string, message: string) =>
      causeOf(problem({ error_class: 'reference', error_code, message }), context).title;
    expect(of('inactive_sku', 'The SKU IPOD-1 ("Player") is inactive in the item master.')).toBe('IPOD-1 is inactive');
    expect(of('unknown_sku', 'The SKU IPOD-2 ("Player") is not in the item master.')).toBe('IPOD-2 is unknown');
  });

  it('has better words for codes it knows, and quotes the system’s own answer', () => {
    const cause = causeOf(
      problem({ error_class: 'reference', error_code: 'inactive_sku', message: 'IPOD-1 was discontinued.' }),
      context,
    );
    expect(cause.title).toBe('A product in it is inactive');
    expect(cause.happened).toContain('IPOD-1 was discontinued.');
  });
});
