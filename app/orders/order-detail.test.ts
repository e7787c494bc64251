import { describe, expect, it } from 'vitest';
import {
  holdOf,
  latencies,
  skippedBecause,
  toldByOthers,
  type OrderRow,
  type StepRow,
} from '#app/presenters/order-detail.ts';
import { presentLifecycle } from './lifecycle-strip.ts';
import { presentReservations } from './reservations.ts';

const at = (minutes: number) => new Date(Date.parse('2026-03-01T09:00:00.000Z') + minutes * 60_000).toISOString();
const order = {
  occurred_at: at(0),
  accepted_at: at(1),
  allocated_at: at(2),
  acknowledged_at: at(3),
  erp_confirmed_at: at(5),
  released_at: at(8),
  first_shipped_at: '',
  shipped_at: '',
  delivered_at: '',
  settled_at: '',
  cancelled_at: '',
  is_open: true,
} as OrderRow;
const step = (name: string, more: Partial<StepRow> = {}): StepRow => ({
  event_id: '',
  ordinal: 1,
  writer: 'engine-1',
  span_id: '',
  parent_span_id: '',
  step: name,
  status: 'completed',
  attempt: 1,
  started_at: at(0),
  ended_at: at(1),
  system: '',
  location: '',
  amount: '',
  currency: '',
  error_class: '',
  error_code: '',
  error_path: '',
  error_message: '',
  case_id: '',
  payload_version: 1,
  attributes: {},
  ...more,
});
const states = (row: OrderRow) => presentLifecycle(row).map(({ word, state }) => `${word}: ${state}`);

describe('the lifecycle of an order, by event time', () => {
  it('shows what was reached, where it stands and what is ahead', () => {
    expect(states(order)).toEqual([
      'Placed: reached',
      'Accepted: reached',
      'Allocated: reached',
      'In the ERP: reached',
      'With the warehouse: current',
      'Shipped: ahead',
      'Delivered: ahead',
      'Settled: ahead',
    ]);
    expect(presentLifecycle(order)[3]?.afterMs).toBe(5 * 60_000);
  });
  it('has a place for a part that left earlier', () => {
    expect(states({ ...order, first_shipped_at: at(20) })).toContain('Partly shipped: current');
    expect(states({ ...order, first_shipped_at: at(20), shipped_at: at(20) })).not.toContain('Partly shipped: reached');
  });
  it('has nothing ahead of an order that policy leaves alone', () => {
    const accepted = { ...order, allocated_at: '', erp_confirmed_at: '', released_at: '', is_open: false };
    expect(states(accepted)).toEqual(['Placed: reached', 'Accepted: current']);
    const skipped = step('validate', { status: 'skipped', attributes: { reason: 'A test order.' } });
    expect(skippedBecause([step('canonicalise'), skipped])).toBe('A test order.');
    expect(skippedBecause([step('validate')])).toBeUndefined();
  });
  it('ends where it was cancelled, without what it will never reach', () => {
    expect(states({ ...order, released_at: '', cancelled_at: at(9) }).slice(-2)).toEqual([
      'In the ERP: reached',
      'Cancelled: current',
    ]);
  });
});

describe('the latencies of an order', () => {
  it('run from the moment it was placed, and wait until they are over', () => {
    const named = Object.fromEntries(latencies(order).map(({ name, ms }) => [name, ms]));
    expect(named).toEqual({
      'Order ingestion lag': 60_000,
      'Acknowledgement time': 180_000,
      'Order sync latency': 300_000,
      'Order release time': 480_000,
      'Order cycle time': null,
    });
    expect(latencies({ ...order, shipped_at: at(60) }).at(-1)?.ms).toBe(3_600_000);
    expect(latencies({ ...order, shipped_at: at(60), delivered_at: at(90) }).at(-1)?.ms).toBe(5_400_000);
  });
});

describe('a hold', () => {
  const held = step('order_held', { attributes: { by: 'sam', reason: 'address' } });
  it('is in force until it is released or the order cancelled', () => {
    expect(holdOf([step('validate'), held])).toEqual({ by: 'sam', reason: 'address' });
    expect(holdOf([held, step('order_released')])).toBeUndefined();
    expect(holdOf([held, step('cancelled')])).toBeUndefined();
  });
});

describe('an order that another system tells of', () => {
  it.each([
    ['import-5a-1', 'import'],
    ['otlp-5a-1', 'otlp'],
    ['engine-1', undefined],
  ])('is known by the writer of its steps: %s', (writer, source) => {
    expect(toldByOthers([step('validate', { writer })])).toBe(source);
  });
});

describe('reservations', () => {
  it('say what was set aside where, and what went back', () => {
    const names = { systems: {}, channels: {}, entities: {}, locations: { 'dc-east': 'DC East' } };
    const rows = presentReservations(
      [
        step('reserve_stock', { location: 'dc-east', attributes: { units: '3' } }),
        step('reserve_stock', { status: 'compensated' }),
        step('validate'),
      ],
      names,
    );
    expect(rows.map(({ location, units, word }) => [location, units, word])).toEqual([
      ['DC East', '3', 'set aside'],
      ['', '', 'given back'],
    ]);
  });
});
