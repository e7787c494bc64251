import { expect, test } from 'vitest';
import type { CaseState } from '#contracts/v1/case.ts';
import { ratesOn } from '#platform/rates.ts';
import { inTurn } from './turn.ts';

const rates = ratesOn('2026-05-01', { reporting_currency: 'USD', rates: { GBP: '1.27' } }, []);
const order = (case_id: string, more: Partial<CaseState> = {}): CaseState =>
  ({
    case_id,
    flow: 'order_to_cash',
    step: 'validate',
    deadline: '2026-05-01T10:00:00.000Z',
    amount: '10.00',
    currency: 'USD',
    ...more,
  }) as CaseState;
const turns = (...cases: CaseState[]) => inTurn(cases, rates).map(({ case_id }) => case_id);

test('the earliest deadline comes first, and what has none last', () => {
  const late = order('late', { deadline: '2026-05-02T10:00:00.000Z' });
  expect(turns(order('none', { deadline: '' }), late, order('soon'))).toEqual(['soon', 'late', 'none']);
});

test('of one deadline the most money comes first, whatever its currency', () => {
  const pounds = order('pounds', { amount: '100.00', currency: 'GBP' });
  const unknown = order('unknown', { amount: '', currency: '' });
  expect(turns(unknown, order('dollars', { amount: '120.00' }), pounds)).toEqual(['pounds', 'dollars', 'unknown']);
  const undated = { deadline: '' };
  expect(turns(order('less', undated), order('more', { ...undated, amount: '11.00' }))).toEqual(['more', 'less']);
});

test('messages follow the orders, however urgent they are', () => {
  const parcel = order('parcel', { step: 'apply_fulfilment_message', deadline: '2026-01-01T00:00:00.000Z' });
  const stock = order('stock', { flow: 'inventory_sync', deadline: '2026-01-01T00:00:00.000Z' });
  expect(turns(parcel, stock, order('order'))).toEqual(['order', 'parcel', 'stock']);
});
