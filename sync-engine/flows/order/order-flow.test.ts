import { describe, expect, test } from 'vitest';
import { canonicalOrder } from '#tests/fixtures/canonical-order.ts';
import { orderState, orderView, signalOf } from '#tests/support/flow-view.ts';
import { testEstate } from '#tests/support/simulator.ts';
import type { FlowState } from '../state.ts';
import { emptyOrderData, type OrderData, type OrderEnv } from './order-data.ts';
import { createOrderFlow } from './order-flow.ts';

const flow = createOrderFlow({} as OrderEnv);
const estate = testEstate();
const shipped = {
  ...emptyOrderData('shopify-us', 7),
  shipments: [
    {
      shipment_id: 'S1',
      location: 'dc-east',
      carrier: '',
      tracking_number: '',
      shipped_at: '2026-10-01T09:30:00.000Z',
      lines: [],
    },
  ],
};

test('every step leads to a step that exists', () => {
  for (const [name, step] of flow.steps) {
    const next = step.next(orderView({ step: name }));
    expect(flow.steps.has(next), `${name} leads to ${next}`).toBe(true);
  }
});

test('two orders’ captures never go by the same key', () => {
  const step = flow.steps.get('capture_payment');
  const keyOf = (key: string, shipment_id: string) => {
    const [first] = shipped.shipments;
    const shipments = first === undefined ? [] : [{ ...first, shipment_id }];
    const view = { ...orderView({ data: { ...shipped, shipments } }), key };
    return step?.kind === 'call' ? step.call.posting?.(view).posting_key : undefined;
  };
  expect(keyOf('shop==A', '1-2')).toBe('cap-shop==A~1-2');
  expect(keyOf('shop==A', '1-2')).not.toBe(keyOf('shop==A-1', '2'));
});

describe('the deadline', () => {
  const of = (step: string, more = {}) => flow.deadline(orderState({ step, ...more }), estate);
  const placed = Date.parse('2026-10-01T09:00:00.000Z');

  test('is the next milestone’s, counted from when the order was placed', () => {
    const { standard } = estate.sla;
    expect(of('validate')).toBe(new Date(placed + standard.acknowledge_s * 1000).toISOString());
    expect(of('erp_create_sales_order')).toBe(new Date(placed + standard.erp_s * 1000).toISOString());
    expect(of('shipment_confirmed')).toBe(new Date(placed + standard.ship_s * 1000).toISOString());
  });

  test('is tighter for an express order', () => {
    const express = of('wms_release', { data: { ...emptyOrderData('shopify-us', 7), tier: 'express' } });
    expect(express < of('wms_release')).toBe(true);
  });

  test('is none once the goods have left, while the order is undone, and when it is over', () => {
    expect(of('capture_payment')).toBe('');
    expect(of('wms_release', { phase: 'compensating' })).toBe('');
    expect(of('settle', { phase: 'finished' })).toBe('');
  });
});

describe('a cancellation', () => {
  const inbox = [signalOf('cancel', 'cancel', { reason: 'customer called' })];

  test('is nothing where none was asked for', () => {
    expect(flow.interrupt?.(orderView())).toBeUndefined();
  });

  test('is accepted until goods have left', () => {
    expect(flow.interrupt?.(orderView({ inbox }))).toMatchObject({ accept: true, reason: 'customer called' });
    expect(flow.interrupt?.(orderView({ inbox, data: shipped }))).toMatchObject({ accept: false });
  });

  test('comes too late for a shipment that is reported and not yet booked', () => {
    const both = [signalOf('shipment', 'shipment:S1'), ...inbox];
    expect(flow.interrupt?.(orderView({ inbox: both }))).toMatchObject({ accept: false });
  });
});

describe('a shipment', () => {
  const order = canonicalOrder();
  const env = { documents: { read: () => Promise.resolve(order) } } as unknown as OrderEnv;
  const understood = { ...emptyOrderData('shopify-us', 7), canonical_seq: 5 };
  const shipmentOf = (id: string, line_id: string, quantity: number) =>
    signalOf('shipment', `shipment:${id}`, {
      schema_version: 1,
      shipment_id: id,
      order_key: 'shopify-us==1',
      location: 'dc-east',
      carrier: '',
      tracking_number: '',
      shipped_at: '2026-10-01T09:30:00.000Z',
      lines: [{ line_id, sku: 'TOTE-MOSS', quantity }],
    });
  const right = shipmentOf('S1', '11', 2);
  const takes = (given: Partial<FlowState<OrderData>>, signal = right) =>
    flow.takes?.(orderView({ data: understood, ...given }), signal, env);

  test('waits until its order is understood or cancelled, and is never taken silently by one that is over', async () => {
    expect(await takes({})).toBe('now');
    expect(await takes({ data: emptyOrderData('shopify-us', 7) })).toBe('later');
    expect(await takes({ phase: 'compensating' })).toBe('later');
    expect(await takes({ phase: 'finished' })).toBe('never');
  });

  test('is the only thing that is refused: a late delivery or cancellation is recorded', async () => {
    expect(await takes({ phase: 'finished' }, signalOf('delivery'))).toBe('now');
    expect(await takes({ phase: 'finished' }, signalOf('cancel'))).toBe('now');
  });

  test('that does not fit its order, with those that came before it, is wrong itself', async () => {
    const problem = (error_code: string) => ({ problems: [expect.objectContaining({ error_code }) as unknown] });
    expect(await takes({}, shipmentOf('S1', '99', 1))).toEqual(problem('unknown_line'));
    expect(await takes({}, shipmentOf('S1', '11', 3))).toEqual(problem('shipped_too_many'));
    const announced = { inbox: [shipmentOf('S0', '11', 1)] };
    expect(await takes(announced, shipmentOf('S1', '11', 1))).toBe('now');
    expect(await takes(announced)).toEqual(problem('shipped_too_many'));
    const [gone] = shipped.shipments;
    const lines = [{ line_id: '11', sku: 'TOTE-MOSS', quantity: 1 }];
    const booked = gone === undefined ? [] : [{ ...gone, lines }];
    expect(await takes({ data: { ...understood, shipments: booked } })).toEqual(problem('shipped_too_many'));
  });
});
