import { describe, expect, test } from 'vitest';
import { stepEvent } from '#contracts/v1/step-event.ts';
import type { Outcome } from '#sync-engine/stock/cycle.ts';
import { testEstate } from '#tests/support/simulator.ts';
import { cycleKey, toStepEvent } from './steps.ts';

const AT = '2026-03-01T10:00:05.000Z';
const EARLIER = '2026-03-01T10:00:00.000Z';
const context = { estate: testEstate(), origin: 'simulated', partition: 2 } as const;
const outcome: Outcome = {
  sku: 'A/1@x',
  location: 'dc-east',
  cycle: 17,
  ordinal: 1,
  closes: false,
  occurredAt: EARLIER,
  origin: 'live',
  at: AT,
  version: 3,
  onHand: 10,
  reserved: 4,
  inTransit: 1,
  sellable: 4,
  behind: ['web-us'],
  detail: {
    kind: 'changed',
    reasons: ['reservation', 'sale'],
    causes: ['order:shop==1', 'pos-stores:7'],
    coalesced: 2,
    changedAt: EARLIER,
    superseded: false,
  },
};
const confirmed: Outcome = {
  ...outcome,
  ordinal: 2,
  closes: true,
  detail: {
    kind: 'published',
    channel: 'web-us',
    version: 3,
    quantity: 4,
    sentAt: '2026-03-01T10:00:06.000Z',
    confirmedAt: '2026-03-01T10:00:07.000Z',
    oldestChangeAt: '2026-03-01T09:59:00.000Z',
  },
};

describe('the steps of inventory_sync', () => {
  test('say what changed and until when channels should know', () => {
    const event = stepEvent.parse(toStepEvent(outcome, context));
    expect(event).toMatchObject({
      event_id: `${cycleKey(outcome)}:1`,
      step: 'stock_changed',
      status: 'completed',
      business_key: 'A/1@x@dc-east',
      occurred_at: EARLIER,
      deadline: '2026-03-01T10:01:00.000Z',
      legal_entity: 'us-retail',
      origin: 'simulated',
      attributes: {
        on_hand: '10',
        reserved: '4',
        sellable: '4',
        reason: 'reservation sale',
        caused_by: 'order:shop==1 pos-stores:7',
        coalesced: '2',
        behind: 'web-us',
      },
    });
  });

  test('say of a publication what was sent, and how old the oldest change in it is', () => {
    const event = stepEvent.parse(toStepEvent(confirmed, context));
    expect(event).toMatchObject({
      step: 'publish_availability',
      status: 'completed',
      system: 'shopify-us',
      channel: 'web-us',
      direction: 'outbound',
      occurred_at: '2026-03-01T09:59:00.000Z',
      ended_at: '2026-03-01T10:00:07.000Z',
      deadline: '',
      attributes: { quantity: '4' },
    });
  });

  test('of one cycle share transaction and trace', () => {
    const [first, second] = [outcome, confirmed].map((one) => toStepEvent(one, context));
    expect(second).toMatchObject({ key: first?.key, trace_id: first?.trace_id, parent_span_id: first?.span_id });
  });

  test('are the same each time they are derived', () => {
    expect(toStepEvent(outcome, context)).toEqual(toStepEvent(structuredClone(outcome), context));
  });

  test('name a refusal, a replaced change and a cycle that goes on elsewhere', () => {
    const refused = { ...confirmed, detail: { ...confirmed.detail, error: { code: 'GONE', message: 'no such item' } } };
    expect(stepEvent.parse(toStepEvent(refused as Outcome, context))).toMatchObject({
      status: 'failed',
      error_class: 'rejected',
      error_code: 'GONE',
    });
    const older = { ...outcome, detail: { ...outcome.detail, superseded: true } } as Outcome;
    expect(stepEvent.parse(toStepEvent(older, context)).status).toBe('superseded');
    const cut: Outcome = { ...outcome, detail: { kind: 'continued', behind: ['web-us'] } };
    expect(stepEvent.parse(toStepEvent(cut, context))).toMatchObject({
      status: 'superseded',
      attributes: { reason: 'continued in a new cycle; behind: web-us' },
    });
  });

  test('keep the origin of backfilled changes', () => {
    expect(toStepEvent({ ...outcome, origin: 'backfill' }, context).origin).toBe('backfill');
  });
});
