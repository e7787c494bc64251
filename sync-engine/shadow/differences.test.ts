import { describe, expect, it } from 'vitest';
import type { DryRunResult } from '#contracts/v1/dry-run.ts';
import { differencesOf, valueDifferences } from './differences.ts';

const passes = (more: Partial<DryRunResult> = {}): DryRunResult => ({
  ok: true,
  steps: [],
  calls: [],
  problems: [],
  ...more,
});
const stops = (step: string, message: string): DryRunResult => ({
  ok: false,
  steps: [{ step, outcome: 'problem', note: message }],
  calls: [],
  problems: [{ error_class: 'mapping', error_code: 'x', path: '', document: 'canonical', message }],
});
const call = (body: string, more = {}) => ({
  step: 'erp_create_sales_order',
  system: 'erp',
  method: 'POST',
  path: '/orders/1001',
  body,
  ...more,
});

describe('how two trials of one order differ', () => {
  it('is nothing where both stop alike, whatever the order is called', () => {
    expect(
      differencesOf(stops('validate', 'Order 1001 lacks a tax'), stops('validate', 'Order 1002 lacks a tax')),
    ).toEqual([]);
  });

  it('is where one of them stops, without what differs from order to order', () => {
    expect(differencesOf(stops('validate', 'Line 3 of a@b.example'), passes())).toEqual([
      { step: 'validate', path: '', before: 'stops: Line <n> of <email>', after: 'goes on' },
    ]);
    expect(differencesOf(passes(), stops('validate', 'No tax'))).toMatchObject([
      { before: 'goes on', after: 'stops: No tax' },
    ]);
    expect(differencesOf(stops('canonicalise', 'A'), stops('validate', 'B'))).toMatchObject([
      { step: 'canonicalise', before: 'stops: A', after: 'stops: B (at validate)' },
    ]);
  });

  it('is a step that is skipped where the other one calls', () => {
    const skips = passes({ steps: [{ step: 'fraud_screen', outcome: 'would_skip', note: 'Nothing to screen.' }] });
    const calls = passes({ steps: [{ step: 'fraud_screen', outcome: 'would_call', note: '' }] });
    expect(differencesOf(skips, calls)).toEqual([
      { step: 'fraud_screen', path: '', before: 'skips: Nothing to screen.', after: 'calls' },
    ]);
  });

  it('is what would be sent, field by field, as JSON or as a form', () => {
    const of = (before: string, after: string) =>
      differencesOf(passes({ calls: [call(before)] }), passes({ calls: [call(after)] }));
    expect(of('{"lines":[{"tax":"A"},{"tax":"A"}]}', '{"lines":[{"tax":"A"},{"tax":"B"}]}')).toEqual([
      { step: 'erp_create_sales_order', path: '/lines/*/tax', before: '"A"', after: '"B"' },
    ]);
    expect(of('amount=100&shipping[address][line1]=x', 'amount=200&shipping[address][line1]=y')).toEqual([
      { step: 'erp_create_sales_order', path: '/amount', before: '"100"', after: '"200"' },
      { step: 'erp_create_sales_order', path: '/shipping/address/line1', before: '‹hidden›', after: '‹hidden›' },
    ]);
    expect(of('Dear Ann', 'Dear Bob')).toMatchObject([{ path: '', before: '‹hidden›', after: '‹hidden›' }]);
  });

  it('hides what is personal in the order wherever a vendor puts it', () => {
    const order = (line1: string) => ({ shipping_address: { line1 } });
    const sides = ['1 Old Road', '2 New Road'].map((road) =>
      passes({ canonical: order(road), calls: [call(JSON.stringify({ ad_hoc: road }))] }),
    );
    const [before = passes(), after = passes()] = sides;
    expect(JSON.stringify(differencesOf(before, after))).not.toContain('Road');
    expect(differencesOf(before, after)).toHaveLength(2);
  });
});

describe('the values in which two documents differ', () => {
  it('stand beside an empty text where only one has them', () => {
    expect(valueDifferences('canonical', { a: 1 }, { a: 1, b: { c: [true] } })).toEqual([
      { step: 'canonical', path: '/b/c/*', before: '', after: 'true' },
    ]);
    expect(valueDifferences('canonical', { a: 'x' }, { a: { b: 1 } })).toEqual([
      { step: 'canonical', path: '/a/b', before: '', after: '1' },
      { step: 'canonical', path: '/a', before: '"x"', after: '' },
    ]);
  });
});
