import { describe, expect, test } from 'vitest';
import type { SystemMode } from '#contracts/v1/estate.ts';
import { emptyOrderData } from '#sync-engine/flows/order/order-data.ts';
import type { FlowState } from '#sync-engine/flows/state.ts';
import { orderView } from '#tests/support/flow-view.ts';
import { reroute } from './reroute.ts';

const request = {
  actor: { id: 'olga@syncline.example', roles: ['operations' as const] },
  ...{ to: 'dc-west', reason: 'nearer' },
};

function view(mode: SystemMode, wms_order: string, given: Partial<FlowState> = {}) {
  const line = { line_id: '1', sku: 'A', quantity: 2 };
  const allocations = [{ n: 1, location: 'dc-east', lines: [line], wms_order }];
  const data = { ...emptyOrderData('shopify-us', 7), location: 'dc-east', allocations };
  const before = orderView({ step: 'wms_release', effects: [], ...given, data });
  const systems = before.estate.systems.map((one) => (one.id === 'wms-east' ? { ...one, mode } : one));
  return { ...before, estate: { ...before.estate, systems } };
}

describe('an order is moved elsewhere', () => {
  test('by way of its warehouse, which gives it back first', () => {
    expect(reroute(view('live', 'E1'), request)).toMatchObject({ state: { step: 'withdraw_release' } });
  });

  test('at once where its warehouse is only observed and was told nothing', () => {
    expect(reroute(view('observe', ''), request)).toMatchObject({ state: { step: 'reallocate' } });
  });

  test('not at all where its warehouse was told of it and is only observed by now: it would ship twice', () => {
    const refused = { refuse: expect.stringContaining('only observed') as string };
    expect(reroute(view('observe', 'E1'), request)).toEqual(refused);
    expect(reroute(view('observe', '', { may_exist: true }), request)).toEqual(refused);
  });
});
