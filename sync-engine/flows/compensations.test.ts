import { describe, expect, test } from 'vitest';
import { at, orderView, signalOf } from '#tests/support/flow-view.ts';
import { compensationOf, compensations } from './compensations.ts';
import type { OrderEnv } from './order/order-data.ts';
import { createOrderFlow } from './order/order-flow.ts';

const flow = createOrderFlow({} as OrderEnv);
const attempt = { startedAt: at };
const signal = signalOf('cancel');
const replaying = { case_id: 'c1', step: 'wms_release', revision: 2 };

describe('a cancellation that is accepted', () => {
  const decision = { signal, accept: true, reason: 'customer called' };

  test('turns the flow back, with what may have happened among what is to be undone', () => {
    const view = orderView({
      step: 'wms_release',
      effects: ['void_authorization', 'reserve_stock'],
      inbox: [signal],
      attempt: 4,
      may_exist: true,
    });
    const { state } = compensations.interrupt(view, decision, ['wms_release']);
    expect(state).toMatchObject({ phase: 'compensating', attempt: 0, inbox: [] });
    expect(state.effects).toEqual(['void_authorization', 'reserve_stock', 'wms_release']);
    expect(compensationOf(flow, state)?.name).toBe('wms_release');
    expect(state.may_exist).toBeUndefined();
  });

  test('ends a hold, and closes the case that stopped the order', () => {
    const view = orderView({ inbox: [signal], blocked_by: 'c1', held: { by: 'ann', reason: 'look' } });
    const { state } = compensations.interrupt(view, decision, []);
    expect(state.held).toBeUndefined();
    expect(state.blocked_by).toBeUndefined();
    expect(state.resolving).toMatchObject({ case_id: 'c1', status: 'resolved' });
  });

  test('closes the case that was under replay', () => {
    const { state } = compensations.interrupt(orderView({ inbox: [signal], replaying }), decision, []);
    expect(state.resolving).toMatchObject({ case_id: 'c1', status: 'resolved' });
    expect(state.replaying).toBeUndefined();
  });
});

test('a cancellation that is refused leaves everything as it was but itself', () => {
  const view = orderView({ inbox: [signal], blocked_by: 'c1', held: { by: 'ann', reason: 'look' } });
  const { record, state } = compensations.interrupt(view, { signal, accept: false, reason: 'too late' }, []);
  expect(record.status).toBe('superseded');
  expect(state).toEqual({ ...view.state, inbox: [] });
});

test('what was undone is never undone again, and resolves the case that had stopped it', () => {
  const view = orderView({ phase: 'compensating', effects: ['reserve_stock', 'wms_release'], replaying });
  const { record, state } = compensations.compensated(
    view,
    'wms_release',
    'wms-east',
    { status: 'completed' },
    attempt,
  );
  expect(record).toMatchObject({ status: 'compensated', attributes: { compensates: 'wms_release' } });
  expect(state.effects).toEqual(['reserve_stock']);
  expect(state.resolving).toMatchObject({ case_id: 'c1' });
});

const left = { status: 'superseded' as const, attributes: { reason: 'left' } };

test('what is undone piece by piece stays to be undone until nothing of it is left, and so does its case', () => {
  const view = orderView({ phase: 'compensating', effects: ['reserve_stock', 'wms_release'], replaying });
  const piece = { status: 'completed' as const, again: true };
  const { state } = compensations.compensated(view, 'wms_release', 'wms-east', piece, attempt);
  expect(state).toMatchObject({ effects: ['reserve_stock', 'wms_release'], replaying });
  expect(state.resolving).toBeUndefined();
});

test('where only a part was too late to undo, the flow goes on where the rest is made good again', () => {
  const view = orderView({ phase: 'compensating', step: 'shipment_confirmed', effects: ['wms_release'] });
  const refused = { ...left, goOnAt: 'reallocate' };
  const { state } = compensations.compensationRefused(view, 'wms_release', 'wms-east', refused, attempt);
  expect(state).toMatchObject({ phase: 'forward', step: 'reallocate' });
});

test('where it is too late to undo the order goes forward, and the case that asked is closed', () => {
  const view = orderView({ phase: 'compensating', step: 'shipment_confirmed', effects: ['wms_release'], replaying });
  const { state } = compensations.compensationRefused(view, 'wms_release', 'wms-east', left, attempt);
  expect(state).toMatchObject({ phase: 'forward', step: 'shipment_confirmed', effects: ['wms_release'] });
  expect(state.resolving).toMatchObject({ case_id: 'c1' });
  expect(state.replaying).toBeUndefined();
});

test('what was too late to undo may exist, and is looked up before it is done again', () => {
  const view = orderView({ phase: 'compensating', step: 'wms_release', effects: ['wms_release'] });
  const { state } = compensations.compensationRefused(view, 'wms_release', 'wms-east', left, attempt);
  expect(state).toMatchObject({ phase: 'forward', step: 'wms_release', may_exist: true });
});

test('with nothing left to undo the transaction is over', () => {
  const view = orderView({ phase: 'compensating', effects: [] });
  expect(compensationOf(flow, view.state)).toBeUndefined();
  expect(compensations.cancelled(view, 'cancelled').state).toMatchObject({ phase: 'finished', step: 'cancelled' });
});
