import { expect, it } from 'vitest';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { knownCodes } from './known-codes.ts';

const missing = { kind: 'tax_code', system: 'netsuite', code: 'TX-9' };
const problem: CaseProblem = {
  error_class: 'mapping',
  error_code: 'unmapped_tax',
  path: '/lines/1/taxes/0/code',
  document: 'canonical',
  message: 'TX-9 is not mapped.',
  missing_mapping: missing,
};
const received = JSON.stringify({ line_items: [{ tax_lines: [] }, { tax_lines: [{ title: 'TX-9' }] }] });
const canonical = JSON.stringify({ lines: [{ taxes: [] }, { taxes: [{ code: 'TX-9' }] }] });
const known = [{ code: 'VAT', target: 'AVT-1' }];

it('the codes that are mapped are known for every entry of the field whose code is not', () => {
  expect(knownCodes([problem, problem], [{ ...missing, known }], received, canonical)).toEqual([
    { path: ['line_items', '*', 'tax_lines', '*', 'title'], codes: known },
  ]);
});

it('no codes are known of a field that cannot be placed, of another mapping, or where none is mapped', () => {
  const { missing_mapping: _, ...other } = problem;
  expect(knownCodes([problem], [{ ...missing, known }], '{}', canonical)).toEqual([]);
  expect(knownCodes([problem], [{ ...missing, code: 'TX-8', known }], received, canonical)).toEqual([]);
  expect(knownCodes([problem], [{ ...missing, known: [] }], received, canonical)).toEqual([]);
  expect(knownCodes([other], [{ ...missing, known }], received, canonical)).toEqual([]);
});
