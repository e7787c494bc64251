import { describe, expect, test } from 'vitest';
import { at, orderState, orderView, signalOf } from '#tests/support/flow-view.ts';
import type { ConnectorErrorDetail } from '../connectors/connector.ts';
import { createOrderFlow } from './order/order-flow.ts';
import type { OrderEnv } from './order/order-data.ts';
import type { Step } from './flow.ts';
import type { OrderData } from './order/order-data.ts';
import { transitions } from './transitions.ts';

const flow = createOrderFlow({} as OrderEnv);
const stepOf = (name: string): Step<OrderData, OrderEnv> => {
  const step = flow.steps.get(name);
  if (step === undefined) throw new Error(name);
  return step;
};
const attempt = { startedAt: at };
const running = { writer: 'w', span_id: 'c'.repeat(16), started_at: at.toISOString() };
const refused: ConnectorErrorDetail = {
  errorClass: 'rejected',
  code: 'X',
  message: 'no',
  retryable: false,
  mayHaveHappened: false,
};

describe('a step that is passed', () => {
  test('leaves the transaction at the next one, its attempt over and its effect to be undone', () => {
    const view = orderView({ step: 'erp_create_sales_order', attempt: 2, may_exist: true, running });
    const { record, state } = transitions.passed(
      view,
      stepOf('erp_create_sales_order'),
      { status: 'completed', data: { erp_order: { id: '1', number: 'SO1' } } },
      { ...attempt, system: 'netsuite' },
    );
    expect(record).toMatchObject({
      step: 'erp_create_sales_order',
      status: 'completed',
      attempt: 2,
      system: 'netsuite',
    });
    expect(state).toMatchObject({ step: 'wms_release', attempt: 0, data: { erp_order: { number: 'SO1' } } });
    expect(state.effects).toEqual(['void_authorization', 'erp_create_sales_order']);
    expect(state.running).toBeUndefined();
    expect(state.may_exist).toBeUndefined();
  });

  test('has nothing to undo where it was skipped or degraded', () => {
    const view = orderView({ step: 'acknowledge_channel' });
    const { state } = transitions.passed(view, stepOf('acknowledge_channel'), { status: 'skipped' }, attempt);
    expect(state.effects).toEqual(['void_authorization']);
  });

  test('is undone once, however often it was passed', () => {
    const view = orderView({ step: 'acknowledge_channel', effects: ['acknowledge_channel'] });
    const { state } = transitions.passed(view, stepOf('acknowledge_channel'), { status: 'completed' }, attempt);
    expect(state.effects).toEqual(['acknowledge_channel']);
  });

  test('after a replay leads from valid to the step that had failed', () => {
    const view = orderView({ step: 'validate', resume_at: 'capture_payment' });
    const { state } = transitions.passed(view, stepOf('validate'), { status: 'completed' }, attempt);
    expect(state.step).toBe('capture_payment');
    expect(state.resume_at).toBeUndefined();
  });

  test('after a replay leads to the reservation where the correction changed the lines, and keeps the destination', () => {
    const view = orderView({ step: 'validate', resume_at: 'erp_create_sales_order' });
    const outcome = { status: 'completed', data: { lines_changed: true } } as const;
    const { state } = transitions.passed(view, stepOf('validate'), outcome, attempt);
    expect(state).toMatchObject({ step: 'reserve_stock', resume_at: 'erp_create_sales_order' });
  });

  test('resolves the case whose replay came to it, and none that has further to go', () => {
    const replaying = { case_id: 'c1', step: 'validate', revision: 3 };
    const past = transitions.passed(
      orderView({ step: 'validate', replaying }),
      stepOf('validate'),
      { status: 'completed' },
      attempt,
    );
    expect(past.state.resolving).toMatchObject({ case_id: 'c1', status: 'resolved' });
    expect(past.state.replaying).toBeUndefined();
    const onTheWay = transitions.passed(
      orderView({ step: 'canonicalise', replaying }),
      stepOf('canonicalise'),
      { status: 'completed' },
      attempt,
    );
    expect(onTheWay.state).toMatchObject({ replaying });
    expect(onTheWay.record.case_id).toBe('c1');
  });

  test('resolves a case whose step will not come any more, because the transaction ended', () => {
    const replaying = { case_id: 'c1', step: 'erp_create_sales_order', revision: 3 };
    const { state } = transitions.passed(
      orderView({ step: 'validate', replaying, resume_at: 'erp_create_sales_order' }),
      stepOf('validate'),
      { status: 'skipped', finish: true },
      attempt,
    );
    expect(state).toMatchObject({ phase: 'finished', step: 'validate', resolving: { case_id: 'c1' } });
    expect(state.resume_at).toBeUndefined();
  });

  test('that happened before it was heard of never ends before it began', () => {
    const endedAt = '2026-10-01T08:00:00.000Z';
    const { record } = transitions.passed(
      orderView({ step: 'delivered' }),
      stepOf('delivered'),
      { status: 'completed', endedAt },
      attempt,
    );
    expect(record).toMatchObject({ started_at: endedAt, ended_at: endedAt });
  });
});

describe('an attempt', () => {
  test('that begins says who makes it, and that its effect may exist from now on', () => {
    const { record, state } = transitions.started(orderView({ attempt: 1 }), 'wms_release', 'wms-east', 'w', 'c', {});
    expect(record).toMatchObject({ status: 'started', attempt: 2, ended_at: '' });
    expect(state).toMatchObject({ attempt: 2, may_exist: true, running: { writer: 'w' } });
    expect(state.running?.in_doubt).toBeUndefined();
  });

  test('that certainly had no effect does not settle whether the one before it had', () => {
    const lost = orderView({ attempt: 1, may_exist: true });
    const { state: second } = transitions.started(lost, 'channel_fulfilment', 'shopify-us', 'w', 'c', {});
    const throttled = transitions.retrying(
      orderView(second),
      'channel_fulfilment',
      'shopify-us',
      { ...refused, errorClass: 'throttled', retryable: true },
      at,
      attempt,
    );
    expect(throttled.state.may_exist).toBe(true);
    expect(throttled.state.running).toBeUndefined();
  });

  test.each([
    [false, undefined],
    [true, true],
  ])('that failed leaves its effect in doubt: %s', (mayHaveHappened, expected) => {
    const view = orderView({ attempt: 1, running, may_exist: true });
    const error = { ...refused, mayHaveHappened };
    const { state, record } = transitions.retrying(view, 'wms_release', 'wms-east', error, at, attempt);
    expect(state.may_exist).toBe(expected);
    expect(state.running).toBeUndefined();
    expect(record.attributes).toMatchObject({ retry_at: at.toISOString() });
  });

  test('that needs a person blocks the transaction, names the case, and makes the next case another', () => {
    const problems = [
      { error_class: 'rejected', error_code: 'X', path: '/a', document: 'canonical', message: 'no' },
    ] as const;
    const view = orderView({
      step: 'wms_release',
      attempt: 3,
      running,
      replaying: { case_id: 'c', step: 's', revision: 1 },
    });
    const { record, state } = transitions.quarantined(view, stepOf('wms_release'), problems, 'c1', attempt);
    expect(record).toMatchObject({ status: 'quarantined', case_id: 'c1', error_path: '/a', attempt: 3 });
    expect(state).toMatchObject({ blocked_by: 'c1', failures: 1, attempt: 0, step: 'wms_release' });
    expect(state.replaying).toBeUndefined();
    expect(state.running).toBeUndefined();
  });
});

test('a signal is remembered for good and waits for its step', () => {
  const { record, state } = transitions.signalled(orderView(), signalOf('shipment', 'shipment:S1'));
  expect(record).toMatchObject({ step: 'shipment_received', direction: 'internal' });
  expect(state.inbox.map(({ id }) => id)).toEqual(['shipment:S1']);
  expect(state.signals).toEqual(['shipment:S1']);
  expect(orderState().signals).toEqual([]);
});
