import { describe, expect, it } from 'vitest';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { stepEvent } from '#tests/support/step-events.ts';
import { orderPostings } from './order-postings.ts';
import { lifecycleOf, orderStatus } from './order-status.ts';

const event = (change: Partial<StepEvent>): StepEvent =>
  stepEvent(1, 1, {
    step: 'intake_received',
    started_at: '2026-03-01T11:00:01.000Z',
    ended_at: '2026-03-01T11:00:02.000Z',
    occurred_at: '2026-03-01T11:00:00.000Z',
    system: 'shopify-us',
    direction: 'inbound',
    amount: '20.00',
    ...change,
  });
const done = (step: string, change: Partial<StepEvent> = {}) => event({ step, ...change });
const shipped = (id: string, remaining: string) =>
  done('shipment_confirmed', {
    location: 'dc-east',
    attributes: { ref_shipment: id, ref_tracking_number: `T-${id}`, units: '2', remaining_units: remaining },
  });

describe('the lifecycle of an order', () => {
  const released = [done('reserve_stock'), done('wms_release')];
  it.each<[string, StepEvent[], string]>([
    ['nothing reserved yet', [done('validate')], 'pending_validation'],
    ['a reservation under way', [done('reserve_stock', { status: 'started' })], 'pending_validation'],
    ['a reservation', [done('reserve_stock')], 'allocated'],
    ['a release', released, 'released_to_warehouse'],
    ['a part shipped', [...released, shipped('a', '3')], 'partially_shipped'],
    ['all shipped', [...released, shipped('a', '3'), shipped('b', '0')], 'shipped'],
    ['the last shipment heard of first', [...released, shipped('b', '0'), shipped('a', '3')], 'shipped'],
    ['a delivery', [...released, shipped('a', '0'), done('delivered')], 'delivered'],
    ['a settlement', [shipped('a', '0'), done('delivered'), done('settle')], 'financially_settled'],
    ['a cancellation', [...released, done('cancelled')], 'cancelled'],
  ])('with %s', (_, events, expected) => {
    expect(lifecycleOf(events)).toBe(expected);
  });
});

describe('the status of an order', () => {
  it('is unknown without events', () => {
    expect(orderStatus([])).toBeUndefined();
  });

  it('names the open case, the deadline and what failed', () => {
    const failed = done('validate', {
      status: 'quarantined',
      deadline: '2026-03-01T12:00:00.000Z',
      error_class: 'mapping',
      error_code: 'unmapped_tax_code',
      error_path: '/tax_lines/0/title',
      error_message: 'no mapping',
      case_id: 'case-1',
      state: { phase: 'forward', blocked_by: 'case-1' },
    });
    expect(orderStatus([event({}), failed])).toMatchObject({
      number: '#1001',
      system: 'shopify-us',
      case_id: 'case-1',
      deadline: '2026-03-01T12:00:00.000Z',
      finished: false,
      steps: [
        { step: 'intake_received', status: 'completed' },
        {
          step: 'validate',
          status: 'quarantined',
          case_id: 'case-1',
          error: { class: 'mapping', code: 'unmapped_tax_code', path: '/tax_lines/0/title', message: 'no mapping' },
        },
      ],
    });
  });

  it('lists each shipment, and each step once by its latest event', () => {
    const status = orderStatus([
      done('wms_release', { status: 'started', ended_at: '' }),
      done('wms_release'),
      shipped('a', '3'),
      shipped('b', '0'),
      done('settle', { state: { phase: 'finished' } }),
    ]);
    expect(status?.steps.map((step) => `${step.step} ${step.status}`)).toEqual([
      'wms_release completed',
      'shipment_confirmed completed',
      'shipment_confirmed completed',
      'settle completed',
    ]);
    expect(status?.shipments).toEqual([
      {
        shipment: 'a',
        location: 'dc-east',
        tracking_number: 'T-a',
        units: 2,
        confirmed_at: '2026-03-01T11:00:02.000Z',
      },
      {
        shipment: 'b',
        location: 'dc-east',
        tracking_number: 'T-b',
        units: 2,
        confirmed_at: '2026-03-01T11:00:02.000Z',
      },
    ]);
    expect(status?.finished).toBe(true);
  });

  it('survives a checkpoint it does not know', () => {
    expect(orderStatus([event({ state: 'x' })])?.finished).toBe(false);
  });
});

describe('the postings of an order', () => {
  const post = (change: Partial<StepEvent>, attributes: Record<string, string> = {}) =>
    done('erp_post_invoice', {
      system: 'netsuite',
      ...change,
      attributes: { document: 'invoice', posting_key: 'k', ...attributes },
    });

  it.each<[StepEvent['status'], string]>([
    ['started', 'pending'],
    ['retrying', 'pending'],
    ['failed', 'failed'],
    ['quarantined', 'failed'],
    ['completed', 'posted'],
    ['skipped', 'posted'],
    ['compensated', 'cancelled'],
  ])('with a latest event %s are %s', (status, expected) => {
    expect(orderPostings([post({ status })]).map((posting) => posting.status)).toEqual([expected]);
  });

  it('are one by posting key, with attempts and the document number', () => {
    const postings = orderPostings([
      event({}),
      post({ status: 'failed', error_message: 'refused' }),
      post({ attempt: 3 }, { document_number: 'INV-1' }),
      post({ step: 'capture_payment' }, { document: 'payment', posting_key: 'p1' }),
      post({ step: 'capture_payment' }, { document: 'payment', posting_key: 'p2' }),
    ]);
    expect(
      postings.map(({ posting_key, attempts, document_number }) => [posting_key, attempts, document_number]),
    ).toEqual([
      ['k', 3, 'INV-1'],
      ['p1', 1, undefined],
      ['p2', 1, undefined],
    ]);
    expect(postings[0]?.error_message).toBeUndefined();
  });

  it('ignore steps that post nothing', () => {
    expect(orderPostings([event({}), done('validate', { attributes: { document: 'canonical' } })])).toEqual([]);
  });
});
