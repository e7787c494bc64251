import { describe, expect, test } from 'vitest';
import { stepEvent } from '#tests/support/step-events.ts';
import { cloudEventOf } from './cloud-event.ts';

const stock = { on_hand: '10', reserved: '4', in_transit: '0', sellable: '6', version: '3' };

describe('the business event of a step', () => {
  test('is the same whenever it is made, under the id of the step', () => {
    const step = stepEvent(7, 3, { step: 'settle' });
    expect(cloudEventOf(step)).toEqual(cloudEventOf(structuredClone(step)));
    expect(cloudEventOf(step)).toMatchObject({
      name: 'order.settled.v1',
      event: { id: step.event_id, subject: step.key, time: step.ended_at, sequence: '00000000000000000003' },
    });
  });
  test('of stock carries what there is now', () => {
    const step = stepEvent(7, 3, {
      ...{ step: 'stock_changed', flow: 'inventory_sync', sku: 'A', location: 'dc-east' },
      attributes: { ...stock, reason: 'sale channel_drift' },
    });
    expect(cloudEventOf(step)).toMatchObject({
      name: 'stock.changed.v1',
      event: { data: { on_hand: 10, version: 3 } },
    });
  });
  test.each([
    ['a backfilled one', { step: 'settle', origin: 'backfill' as const }],
    ['one that was imported', { step: 'settle', writer: 'import-5a-1' }],
    ['one that came as a span', { step: 'settle', writer: 'otlp-5a-1' }],
    ['one under way', { step: 'wms_release', status: 'started' as const, ended_at: '' }],
    ['one that is our own affair', { step: 'tax_enrich' }],
    ['a message that is no order', { step: 'apply_fulfilment_message', status: 'quarantined' as const }],
    ['an order that policy leaves alone', { step: 'validate', status: 'skipped' as const }],
    [
      'a channel that is told once more what our stock is',
      {
        ...{ step: 'stock_changed', flow: 'inventory_sync' as const, sku: 'A', location: 'dc-east' },
        attributes: { ...stock, reason: 'channel_drift' },
      },
    ],
    ['another producer’s that promises less', { step: 'stock_changed', flow: 'inventory_sync' as const }],
  ])('there is none of %s', (_, given) => {
    expect(cloudEventOf(stepEvent(7, 3, given))).toBeUndefined();
  });
});
