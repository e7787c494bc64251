import { describe, expect, test } from 'vitest';
import { orderView } from '#tests/support/flow-view.ts';
import type { Transition } from './transitions.ts';
import { held, released } from './decisions.ts';
import type { OrderData } from './order/order-data.ts';
import { discarded, doneOutside, replayed, restored } from './replay.ts';
import { queueClass } from './state.ts';

const request = {
  case_id: 'c1',
  revision: 4,
  by: 'sam',
  payload_version: 2,
  rebuild: ['canonicalise', 'validate'],
} as const;
type Decision = Transition<OrderData> | { refuse: string } | 'nothing';
const stateOf = (decision: Decision) => {
  if (decision === 'nothing' || 'refuse' in decision) throw new Error('no transition');
  return decision.state;
};

describe('a replay', () => {
  test('makes the order canonical and valid again on its way to the step that failed', () => {
    const view = orderView({ step: 'capture_payment', blocked_by: 'c1', attempt: 3 });
    const state = stateOf(replayed(view, { ...request, received: { document_seq: 9 } }));
    expect(state).toMatchObject({
      step: 'canonicalise',
      resume_at: 'capture_payment',
      replaying: { case_id: 'c1', step: 'capture_payment' },
      payload_version: 2,
      attempt: 0,
      data: { received: { document_seq: 9 } },
    });
    expect(state.blocked_by).toBeUndefined();
  });

  test('that stopped on its way keeps its destination', () => {
    const view = orderView({ step: 'validate', resume_at: 'capture_payment', blocked_by: 'c1' });
    expect(stateOf(replayed(view, request))).toMatchObject({
      step: 'canonicalise',
      resume_at: 'capture_payment',
      replaying: { step: 'capture_payment' },
    });
  });

  test('that stopped at the new reservation goes on from there', () => {
    const view = orderView({ step: 'reserve_stock', resume_at: 'erp_create_sales_order', blocked_by: 'c1' });
    expect(stateOf(replayed(view, request)).resume_at).toBe('reserve_stock');
  });

  test('of the first step has nothing to come back to', () => {
    const state = stateOf(replayed(orderView({ step: 'canonicalise', blocked_by: 'c1' }), request));
    expect(state.step).toBe('canonicalise');
    expect(state.resume_at).toBeUndefined();
  });

  test('of a compensation goes on undoing, and makes nothing canonical', () => {
    const view = orderView({
      phase: 'compensating',
      step: 'shipment_confirmed',
      effects: ['reserve_stock', 'wms_release'],
      blocked_by: 'c1',
    });
    const state = stateOf(replayed(view, request));
    expect(state).toMatchObject({ step: 'shipment_confirmed', replaying: { step: 'wms_release' } });
    expect(state.resume_at).toBeUndefined();
  });

  test('of one of many gives way; a person’s replay after it is as urgent as the transaction itself', () => {
    const view = orderView({ phase: 'compensating', effects: ['wms_release'], sla_class: 'urgent', blocked_by: 'c1' });
    const { replaying: _, ...many } = stateOf(replayed(view, { ...request, background: true }));
    expect(queueClass(many)).toBe('bulk');
    const failed = orderView({ ...many, blocked_by: 'c1' });
    expect(queueClass(stateOf(replayed(failed, { ...request, revision: 6 })))).toBe('urgent');
  });

  test('remembers who wrote what it sends, in whatever case they did', () => {
    const view = orderView({ authors: ['ana'], blocked_by: 'c1' });
    expect(stateOf(replayed(view, { ...request, authors: ['ben', 'ana'] })).authors).toEqual(['ana', 'ben']);
    expect(stateOf(replayed(view, request)).authors).toEqual(['ana']);
  });

  test('is applied once, whatever was noted on the case meanwhile', () => {
    const replaying = { case_id: 'c1', step: 'validate', revision: 3 };
    expect(replayed(orderView({ replaying }), request)).toBe('nothing');
  });

  test('is not applied again by somebody who looked before it failed again, but the next one is', () => {
    const failed = { blocked_by: 'c1', replayed: { case_id: 'c1', revision: request.revision } };
    expect(replayed(orderView(failed), request)).toBe('nothing');
    expect(stateOf(replayed(orderView(failed), { ...request, revision: request.revision + 2 }))).toMatchObject({
      replaying: { revision: request.revision + 2 },
    });
  });

  test('of another case is refused', () => {
    expect(replayed(orderView({ blocked_by: 'c2' }), request)).toMatchObject({ refuse: expect.any(String) as string });
  });
});

describe('a discarded case', () => {
  const by = { case_id: 'c1', by: 'sam', reason: 'a duplicate' };
  const hold = { by: 'ann', reason: 'address check' };

  test('leaves the transaction stopped, and a hold where it was', () => {
    const view = orderView({ step: 'validate', blocked_by: 'c1', held: hold });
    expect(stateOf(discarded(view, by))).toMatchObject({ blocked_by: 'c1', held: hold });
    expect(stateOf(restored(view, by))).toMatchObject({ blocked_by: 'c1', held: hold });
  });

  test('is not restored to a transaction that went on without it', () => {
    expect(restored(orderView({ phase: 'finished', step: 'cancelled' }), by)).toHaveProperty('refuse');
    expect(discarded(orderView({ blocked_by: 'c2' }), by)).toHaveProperty('refuse');
  });
});

test('what was done outside closes its case with who did it, and is refused once the order went on', () => {
  const view = orderView({ step: 'erp_create_sales_order', blocked_by: 'c1' });
  const passed = { record: held(view, 'x', 'y').record, state: { ...view.state, step: 'wms_release' } };
  const request = { case_id: 'c1', by: 'sam', document_number: 'SO1' };
  const state = stateOf(doneOutside(view, request, passed));
  expect(state).toMatchObject({ step: 'wms_release', resolving: { case_id: 'c1', status: 'done_outside' } });
  expect(state.blocked_by).toBeUndefined();
  expect(doneOutside(orderView(), request, passed)).toHaveProperty('refuse');
});

test('a hold keeps the order where it is until it is released', () => {
  const { record, state } = held(orderView({ step: 'wms_release' }), 'ann', 'address check');
  expect(record).toMatchObject({ step: 'order_held', attributes: { by: 'ann', reason: 'address check' } });
  expect(state).toMatchObject({ step: 'wms_release', held: { by: 'ann', reason: 'address check' } });
  const after = released({ ...orderView(), state }, 'ben', 'fine');
  expect(after.record.step).toBe('order_released');
  expect(after.state.held).toBeUndefined();
});
