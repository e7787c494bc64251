import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FinancePlan, OrdersPlan } from '#contracts/v1/reconciliation.ts';
import { demandSchedules, dueAt, orderPeriodOf, periodOf } from './schedule.ts';

const plan = { id: 'nightly', schedule: '0 3 * * *', time_zone: 'America/New_York' };
const at = (text: string) => new Date(text);

describe('a schedule', () => {
  it('is due at its moment in its own time zone, once', () => {
    const due = at('2026-03-02T08:00:00.000Z');
    expect(dueAt(plan, at('2026-03-01T12:00:00Z'), at('2026-03-02T07:59:59Z'))).toBeUndefined();
    expect(dueAt(plan, at('2026-03-01T12:00:00Z'), at('2026-03-02T08:00:01Z'))).toEqual(due);
    expect(dueAt(plan, due, at('2026-03-02T20:00:00Z'))).toBeUndefined();
  });

  it('that was missed for five days is caught up by the latest of them alone', () => {
    expect(dueAt(plan, at('2026-03-01T08:00:00Z'), at('2026-03-06T12:00:00Z'))).toEqual(at('2026-03-06T08:00:00Z'));
  });

  it('keeps its hour through daylight saving', () => {
    expect(dueAt(plan, at('2026-03-08T00:00:00Z'), at('2026-03-08T12:00:00Z'))).toEqual(at('2026-03-08T07:00:00Z'));
  });

  it('is never due in the future, nor at a moment that was run already', () => {
    const moment = fc.date({ min: at('2026-01-01'), max: at('2026-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, moment, fc.constantFrom('*/10 * * * *', '0 3 * * *', '5 * * * 1'), (a, b, schedule) => {
        const [since, now] = a < b ? [a, b] : [b, a];
        const due = dueAt({ ...plan, schedule }, since, now);
        if (due === undefined) return;
        expect(due > since && due <= now).toBe(true);
        expect(dueAt({ ...plan, schedule }, due, now)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('that cannot be understood stops the start, named', () => {
    expect(() => demandSchedules([{ ...plan, schedule: 'now and then' }], at('2026-01-01'))).toThrow(/"nightly"/);
    expect(() => demandSchedules([{ ...plan, time_zone: 'Mars/Olympus' }], at('2026-01-01'))).toThrow();
  });
});

describe('the period of a comparison of money', () => {
  const finance: FinancePlan = {
    ...plan,
    name: 'Books',
    kind: 'finance',
    compare: ['postings'],
    tolerance: '0.00',
    lag_s: 3 * 3600,
  };
  const due = at('2026-03-02T08:00:00Z');

  it('ends before the run is due, by the time that every side has to tell', () => {
    expect(periodOf(finance, due, undefined)).toEqual({
      from: at('2026-03-01T05:00:00Z'),
      to: at('2026-03-02T05:00:00Z'),
    });
  });

  it('begins where the last complete one ended, so that nothing is left out after an outage', () => {
    expect(periodOf(finance, due, at('2026-02-26T05:00:00Z')).from).toEqual(at('2026-02-26T05:00:00Z'));
  });

  it('covers the last day again where it was covered already', () => {
    expect(periodOf(finance, due, at('2026-03-02T06:00:00Z')).from).toEqual(at('2026-03-01T05:00:00Z'));
  });

  it('that a person asked for covers the last day at the least', () => {
    expect(periodOf(finance, due, at('2026-03-02T04:00:00Z'), true).from).toEqual(at('2026-03-01T05:00:00Z'));
    expect(periodOf(finance, due, at('2026-02-26T05:00:00Z'), true).from).toEqual(at('2026-02-26T05:00:00Z'));
  });

  it('goes back no further than events are kept', () => {
    expect(periodOf(finance, due, at('2025-12-01T00:00:00Z')).from).toEqual(at('2026-02-02T05:00:00Z'));
  });
});

describe('the period of a comparison of orders', () => {
  const orders: OrdersPlan = { ...plan, name: 'Orders', kind: 'orders', systems: [], grace_s: 900, overlap_s: 3600 };
  const due = at('2026-03-02T08:00:00Z');
  const declared = at('2026-02-27T00:00:00Z');

  it('ends before the run is due, by the grace in which an order may still arrive', () => {
    expect(orderPeriodOf(orders, due, undefined, declared)).toEqual({ from: declared, to: at('2026-03-02T07:45:00Z') });
  });

  it('begins a little before where the last complete one ended', () => {
    const { from } = orderPeriodOf(orders, due, at('2026-03-02T07:30:00Z'), declared);
    expect(from).toEqual(at('2026-03-02T06:30:00Z'));
  });

  it('never reaches back before the plan was declared, nor beyond its own end', () => {
    const first = at('2026-03-02T07:00:00Z');
    expect(orderPeriodOf(orders, due, at('2026-03-02T07:30:00Z'), first).from).toEqual(first);
    const { from, to } = orderPeriodOf(orders, due, undefined, at('2026-03-02T07:59:00Z'));
    expect([from, to]).toEqual([to, to]);
  });
});
