import { transactionKey } from '#contracts/v1/key.ts';
import type { StepEvent } from '#contracts/v1/step-event.ts';
import { subjects } from '#contracts/v1/subjects.ts';

const hex = (n: number, length: number) => n.toString(16).padStart(length, '0');

/** One event of an order, complete by the contract; what matters to the test is given. */
export function stepEvent(order: number, ordinal: number, given: Partial<StepEvent> = {}): StepEvent {
  const key = given.key ?? transactionKey('shopify-us', String(order));
  return {
    v: 1,
    event_id: `${key}:${ordinal}`,
    ordinal,
    writer: 'engine-1',
    trace_id: hex(order + 1, 32),
    span_id: hex(order * 64 + ordinal, 16),
    parent_span_id: '',
    flow: 'order_to_cash',
    key,
    step: 'validate',
    business_key: `#${1000 + order}`,
    status: 'completed',
    attempt: 1,
    started_at: '2026-10-01T10:00:00.000Z',
    ended_at: '2026-10-01T10:00:00.040Z',
    occurred_at: '2026-10-01T09:59:58.000Z',
    deadline: '',
    system: 'syncline',
    direction: 'internal',
    channel: 'web-us',
    region: 'us',
    legal_entity: 'us-retail',
    brand: 'north',
    location: '',
    sku: '',
    amount: '129.90',
    currency: 'USD',
    error_class: '',
    error_code: '',
    error_path: '',
    error_message: '',
    case_id: '',
    payload_version: 1,
    origin: 'live',
    attributes: {},
    state: {
      cursor: ordinal,
      outputs: { sales_order: `SO-${order}`, lines: [{ sku: `SKU-${order % 500}`, quantity: 1 }] },
    },
    ...given,
  };
}

type Shape = [
  step: StepEvent['step'],
  system: string,
  status: StepEvent['status'],
  attributes: StepEvent['attributes'],
];

/** The events of an order from intake to settled, with a posting that is retried now and then. */
export function orderEvents(order: number, placedAt: number, origin: StepEvent['origin'] = 'live'): StepEvent[] {
  const erp = { document: 'sales_order', posting_key: `so-${order}` };
  const retried: Shape[] = order % 7 === 0 ? [['erp_create_sales_order', 'netsuite', 'retrying', erp]] : [];
  const shapes: Shape[] = [
    [
      'intake_received',
      'shopify-us',
      'completed',
      { ref_external_id: String(order), ref_order_number: `#${1000 + order}` },
    ],
    ['validate', 'syncline', 'completed', { ref_sku: `SKU-${order % 500} SKU-${(order + 1) % 500}`, tier: 'express' }],
    ['reserve_stock', 'syncline', 'completed', {}],
    ['acknowledge_channel', 'shopify-us', 'completed', {}],
    ['erp_create_sales_order', 'netsuite', 'started', erp],
    ...retried,
    [
      'erp_create_sales_order',
      'netsuite',
      'completed',
      { ...erp, document_number: `SO-${order}`, ref_erp_document: `SO-${order}` },
    ],
    ['wms_release', 'wms-east', 'completed', {}],
    ['shipment_confirmed', 'wms-east', 'completed', { remaining_units: '0', ref_tracking_number: `1Z${order}` }],
    ['capture_payment', 'shopify-us', 'completed', { document: 'payment', posting_key: `pay-${order}` }],
    ['delivered', 'wms-east', 'completed', {}],
    ['settle', 'syncline', 'completed', {}],
  ];
  return shapes.map(([step, system, status, attributes], i) => {
    const started = placedAt + 400 + i * 137 + (order % 11) * 29;
    return stepEvent(order, i + 1, {
      step,
      system,
      status,
      attributes,
      origin,
      attempt: step === 'erp_create_sales_order' && status === 'completed' && retried.length > 0 ? 2 : 1,
      started_at: new Date(started).toISOString(),
      ended_at: status === 'started' ? '' : new Date(started + 20 + ((order * 31 + i * 7) % 180)).toISOString(),
      occurred_at: new Date(placedAt).toISOString(),
      error_class: status === 'retrying' ? 'unavailable' : '',
      error_message: status === 'retrying' ? 'HTTP 503' : '',
    });
  });
}

export const subjectOf = (event: StepEvent): string => subjects.step(event.flow, event.key);
