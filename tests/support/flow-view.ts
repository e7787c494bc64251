import type { View } from '#sync-engine/flows/flow.ts';
import { emptyOrderData, type OrderData } from '#sync-engine/flows/order/order-data.ts';
import type { FlowState, Signal } from '#sync-engine/flows/state.ts';
import { testEstate } from './simulator.ts';

const estate = testEstate();

/** The moment at which every view looks. */
export const at = new Date('2026-10-01T10:00:00.000Z');

/** The checkpoint of an order, at its beginning unless told otherwise. */
export function orderState(given: Partial<FlowState<OrderData>> = {}): FlowState<OrderData> {
  return {
    step: 'canonicalise',
    phase: 'forward',
    effects: ['void_authorization'],
    attempt: 0,
    failures: 0,
    inbox: [],
    signals: [],
    sla_class: 'standard',
    payload_version: 1,
    trace_id: 'a'.repeat(32),
    root_span_id: 'b'.repeat(16),
    dimensions: {
      business_key: '#1001',
      occurred_at: '2026-10-01T09:00:00.000Z',
      channel: 'web-us',
      region: 'us',
      legal_entity: 'us-retail',
      brand: 'northwind',
      location: '',
      sku: '',
      amount: '10.00',
      currency: 'USD',
      origin: 'live',
    },
    deadline: '',
    data: emptyOrderData('shopify-us', 7),
    ...given,
  };
}

export function orderView(given: Partial<FlowState<OrderData>> = {}): View<OrderData> {
  const state = orderState(given);
  return { key: 'shopify-us==1', state, data: state.data, estate, now: at };
}

export const signalOf = (type: string, id: string = type, data: Record<string, unknown> = {}): Signal => ({
  id,
  type,
  system: 'shopify-us',
  at: at.toISOString(),
  intake_seq: 0,
  data,
});
