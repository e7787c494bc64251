import { expect, it } from 'vitest';
import { channelOrder, completeChannelOrder } from './channel-api.ts';
import { order } from './order.ts';

it('completes the least a channel may send into a canonical order', () => {
  const sent = channelOrder.parse({
    external_id: 'A-1',
    number: 'A-1',
    placed_at: '2026-03-01T11:00:00.000Z',
    updated_at: '2026-03-01T11:00:00.000Z',
    currency: 'EUR',
    taxes_included: true,
    customer: {},
    lines: [{ line_id: '1', sku: 'SKU-1', title: 'Shirt', quantity: 1, unit_price: '10.00' }],
    totals: { subtotal: '10.00', discount: '0', shipping: '0', tax: '0', duties: '0', tip: '0', total: '10.00' },
  });
  const known = { system: 'marketplace', channel: 'marketplace', region: 'eu', brand: 'b', legal_entity: 'eu-retail' };
  const complete = completeChannelOrder(sent, known);
  expect(order.parse(complete)).toEqual(complete);
  expect(complete).toMatchObject({ ...known, tier: 'standard', fulfilment: { kind: 'ship' }, test: false });
});
