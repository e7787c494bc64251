import { describe, expect, it } from 'vitest';
import type { CaseProblem } from '#contracts/v1/case.ts';
import { placeInReceived } from './likeness.ts';

const received = JSON.stringify({
  'TX-9': 'TX-9 is only a key here',
  line_items: [
    { sku: 'A', tax_lines: [{ title: 'TX-9' }] },
    { sku: 'B', tax_lines: [{ title: 'TX-1' }, { title: 'TX-9' }] },
  ],
});
const canonical = JSON.stringify({
  lines: [{ taxes: [{ code: 'TX-9' }] }, { taxes: [{ code: 'TX-1' }, { code: 'TX-9' }] }],
  totals: { total: '10.00' },
});
const problem = (path: string): CaseProblem => ({
  error_class: 'mapping',
  error_code: '',
  path,
  document: 'canonical',
  message: '',
});
const placed = (path: string) => placeInReceived([problem(path)], received, canonical)[0];

describe('finding in what arrived the value a canonical problem is about', () => {
  it('takes the equal value at the most similar place', () => {
    expect(placed('/lines/0/taxes/0/code')).toMatchObject({
      document: 'received',
      path: '/line_items/0/tax_lines/0/title',
    });
    expect(placed('/lines/1/taxes/1/code')).toMatchObject({
      document: 'received',
      path: '/line_items/1/tax_lines/1/title',
    });
  });
  it('takes the element of an EDI document that says the same', () => {
    const edi = 'ST*850*0001~PO1*1*2*EA*9**VN*TX-1~PO1*2*1*EA*9**VN*TX-9~PO1*3*1*EA*9**VN*TX-9~SE*5*0001~';
    const at = (path: string) => placeInReceived([problem(path)], edi, canonical)[0];
    expect(at('/lines/1/taxes/1/code')).toMatchObject({ document: 'received', path: '/850[1]/PO1[2]/PO107' });
    expect(at('/lines/1/taxes/0/code')).toMatchObject({ document: 'received', path: '/850[1]/PO1[1]/PO107' });
    expect(at('/totals/total')).toMatchObject({ document: 'canonical' });
  });
  it('leaves alone what it cannot place', () => {
    expect(placed('/totals/total')).toMatchObject({ document: 'canonical', path: '/totals/total' });
    expect(placed('/lines')).toMatchObject({ document: 'canonical' });
    expect(placeInReceived([problem('/lines/0')], 'not json', canonical)[0]?.document).toBe('canonical');
  });
});
