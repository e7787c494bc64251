import { describe, expect, test } from 'vitest';
import { orderView } from '#tests/support/flow-view.ts';
import {
  afterAllocation,
  allocationsOf,
  mayBeKnown,
  nextToRelease,
  nextToWithdraw,
  stockReferences,
} from './allocations.ts';
import { type Allocation, emptyOrderData, type OrderData } from './order-data.ts';
import { wmsRelease } from './steps/wms-release.ts';

const data = (given: Partial<OrderData>): OrderData => ({ ...emptyOrderData('shopify-us', 7), ...given });
const line = { line_id: '1', sku: 'A', quantity: 2 };
const allocation = (n: number, location: string, more: Partial<Allocation> = {}): Allocation => ({
  ...{ n, location, lines: [line], wms_order: '' },
  ...more,
});
const shipped = (n: number) => ({
  ...{ shipment_id: `s${n}`, location: 'dc-east', carrier: '', tracking_number: '' },
  ...{ shipped_at: '2026-10-01T09:30:00.000Z', lines: [line], allocation: n },
});

describe('a checkpoint written before orders could be shared out', () => {
  const old = data({ location: 'dc-east', wms_order: 'W1' });

  test('is one allocation, released under the plain key', () => {
    expect(allocationsOf(old)).toEqual([{ n: 1, location: 'dc-east', lines: [], wms_order: 'W1' }]);
    expect(nextToRelease(orderView({ data: old }))).toBeUndefined();
    expect(nextToWithdraw(orderView({ data: old }))).toMatchObject({ n: 1 });
    expect(stockReferences(orderView({ data: old }))[0]).toBe('shopify-us==1');
  });
  test('with nothing to ship has none', () => {
    expect(allocationsOf(data({}))).toEqual([]);
  });
});

test('warehouses are told one after the other, and take back in reverse what they have not given back', () => {
  const both = [allocation(1, 'dc-east', { wms_order: 'E1' }), allocation(2, 'dc-west')];
  const view = orderView({ data: data({ location: 'dc-east', allocations: both }) });
  expect(nextToRelease(view)).toMatchObject({ n: 2 });
  expect(nextToWithdraw(view)).toMatchObject({ n: 2 });
  const one = [both[0] ?? allocation(1, 'dc-east'), allocation(2, 'dc-west', { withdrawn: true })];
  expect(nextToWithdraw(orderView({ data: data({ allocations: one }) }))).toMatchObject({ n: 1 });
});

test('what a warehouse was told and was not asked to give back stays with it where the goods of another had left', () => {
  const told = [
    allocation(1, 'dc-west', { wms_order: 'W1' }),
    allocation(2, 'dc-east', { wms_order: 'E1' }),
    allocation(3, 'dc-east', { withdrawn: true }),
  ];
  const view = orderView({ data: data({ allocations: told }) });
  const { undo } = wmsRelease;
  const passed = undo?.passedOver?.(view);
  expect(passed).toMatchObject({ again: true, data: { allocations: [{ n: 1 }, { n: 2, withdrawn: true }, { n: 3 }] } });
  const after = orderView({ data: { ...view.data, ...passed?.data } });
  expect(nextToWithdraw(after)).toMatchObject({ n: 1 });
  const refused = undo?.done(after, { shipped: true }, {});
  expect(refused).toMatchObject({ status: 'superseded', goOnAt: 'reallocate', data: { allocations: told } });
  const alone = orderView({ data: { ...after.data, allocations: allocationsOf(after.data).slice(0, 2) } });
  expect(undo?.done(alone, { shipped: true }, {})).not.toHaveProperty('goOnAt');
});

describe('where a warehouse is only observed', () => {
  const at = (mode: 'live' | 'observe', allocations: Allocation[], passed_over?: string[]) => {
    const view = orderView({ data: data({ allocations }), ...(passed_over && { passed_over }) });
    const systems = view.estate.systems.map((one) => (one.id === 'wms-east' ? { ...one, mode } : one));
    return { ...view, estate: { ...view.estate, systems } };
  };

  test('what it was told while it was live is to be given back, and so is what others were told', () => {
    const told = [allocation(1, 'dc-west', { wms_order: 'W1' }), allocation(2, 'dc-east', { wms_order: 'E1' })];
    expect(nextToWithdraw(at('observe', told))).toMatchObject({ n: 2 });
    expect(nextToWithdraw(at('live', told, ['wms-east']))).toMatchObject({ n: 2 });
    expect(mayBeKnown(at('observe', told), told[1] ?? allocation(2, 'dc-east'))).toBe(true);
  });

  test('what was kept from it is not, and it is not asked again', () => {
    const untold = [allocation(1, 'dc-west', { wms_order: 'W1' }), allocation(2, 'dc-east')];
    expect(nextToWithdraw(at('observe', untold, ['wms-east']))).toMatchObject({ n: 1 });
    expect(nextToRelease(at('live', untold, ['wms-east']))).toBeUndefined();
  });

  test('whose turn it is does not change with the mode', () => {
    const both = [allocation(1, 'dc-east'), allocation(2, 'dc-west')];
    for (const mode of ['live', 'observe'] as const) expect(nextToRelease(at(mode, both))).toMatchObject({ n: 1 });
    expect(nextToRelease(at('observe', both, ['wms-east']))).toMatchObject({ n: 2 });
  });
});

test('an order waits for stock only once everything that was in stock has left', () => {
  const waiting = { allocations: [allocation(1, 'dc-east')], backordered: [{ ...line, line_id: '2' }] };
  expect(afterAllocation({ data: data(waiting) })).toBe('shipment_confirmed');
  expect(afterAllocation({ data: data({ ...waiting, shipments: [shipped(1)] }) })).toBe('await_stock');
  expect(afterAllocation({ data: data({ allocations: [], backordered: [line] }) })).toBe('await_stock');
  expect(afterAllocation({ data: data({ allocations: [allocation(1, 'dc-east')] }) })).toBe('shipment_confirmed');
});
