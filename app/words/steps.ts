import type { StepStatus } from '#contracts/v1/step-event.ts';
import type { Condition } from '#app/components/status-mark.tsx';

interface StepWords {
  /** What the step does, as a short phrase. */
  label: string;
  /** What a gap before it is spent on; `{system}` is replaced by the system's name. */
  waitsFor: string;
}

/** Steps of order_to_cash in flow order; lanes are sorted by it. */
const orderSteps: Record<string, StepWords> = {
  intake_received: { label: 'Order received', waitsFor: 'the channel' },
  canonicalise: { label: 'Translated to a canonical order', waitsFor: 'its turn' },
  validate: { label: 'Checked', waitsFor: 'its turn' },
  tax_enrich: { label: 'Tax checked', waitsFor: 'the queue of {system}' },
  fraud_screen: { label: 'Fraud screened', waitsFor: 'the queue of {system}' },
  reserve_stock: { label: 'Stock reserved', waitsFor: 'stock' },
  acknowledge_channel: { label: 'Channel told: accepted', waitsFor: 'the queue of {system}' },
  erp_create_sales_order: { label: 'Sales order created', waitsFor: 'the queue of {system}' },
  wms_release: { label: 'Released to warehouse', waitsFor: 'the queue of {system}' },
  reroute_requested: { label: 'Rerouted', waitsFor: 'a person' },
  withdraw_release: { label: 'Taken back from the warehouse', waitsFor: 'the queue of {system}' },
  await_stock: { label: 'Stock came in', waitsFor: 'stock to come in' },
  reallocate: { label: 'Stock reserved anew', waitsFor: 'stock' },
  shipment_confirmed: { label: 'Shipment confirmed', waitsFor: 'the warehouse to ship' },
  capture_payment: { label: 'Payment captured', waitsFor: 'the queue of {system}' },
  channel_fulfilment: { label: 'Channel told: shipped', waitsFor: 'the queue of {system}' },
  notify_customer: { label: 'Customer notified', waitsFor: 'the queue of {system}' },
  delivered: { label: 'Delivered', waitsFor: 'the carrier to deliver' },
  tax_revisit: { label: 'Tax checked after all', waitsFor: 'the queue of {system}' },
  erp_post_invoice: { label: 'Invoice posted', waitsFor: 'the queue of {system}' },
  channel_invoice: { label: 'Invoice sent', waitsFor: 'the queue of {system}' },
  settle: { label: 'Settled', waitsFor: 'its turn' },
  cancel_requested: { label: 'Cancellation requested', waitsFor: 'a cancellation' },
  void_authorization: { label: 'Authorisation voided', waitsFor: 'the queue of {system}' },
  cancelled: { label: 'Cancelled', waitsFor: 'what was done to be undone' },
  repair_rule_applied: { label: 'Cured by a repair rule', waitsFor: 'its turn' },
  order_held: { label: 'Put on hold', waitsFor: 'a person' },
  order_released: { label: 'Released from hold', waitsFor: 'a person to release it' },
  shipment_received: { label: 'News of a shipment', waitsFor: 'the warehouse to ship' },
  stock_available_received: { label: 'News of stock', waitsFor: 'stock to come in' },
  delivery_received: { label: 'News of the delivery', waitsFor: 'the carrier to deliver' },
  cancellation_received: { label: 'News of a cancellation', waitsFor: 'the channel' },
  channel_update_received: { label: 'The channel changed the order', waitsFor: 'the channel' },
  return_requested: { label: 'Return asked for', waitsFor: 'the customer' },
  partly_returned: { label: 'Partly returned', waitsFor: 'the return' },
  returned: { label: 'Returned', waitsFor: 'the return' },
  refunded: { label: 'Money given back', waitsFor: 'the return' },
};

const otherSteps: Record<string, StepWords> = {
  store_batch_received: { label: 'Batch arrived', waitsFor: 'the store' },
  batch_received: { label: 'Batch taken', waitsFor: 'the store' },
  batch_repeated: { label: 'Batch came again', waitsFor: 'the store' },
  apply_store_batch: { label: 'Batch taken by itself', waitsFor: 'its turn' },
  reconcile_takings: { label: 'Takings reconciled', waitsFor: 'its turn' },
  erp_post_journal: { label: 'Journal posted', waitsFor: 'the queue of {system}' },
  read_payout: { label: 'Payout read', waitsFor: 'its turn' },
  list_payout: { label: 'Payout’s items read', waitsFor: 'the queue of {system}' },
  keep_payout_page: { label: 'Page kept', waitsFor: 'its turn' },
  gather_payout: { label: 'Payout put together', waitsFor: 'its turn' },
  match_orders: { label: 'Orders matched', waitsFor: 'its turn' },
  match_order: { label: 'Order matched', waitsFor: 'its turn' },
  confirm_payment: { label: 'Payment held against ours', waitsFor: 'its turn' },
  close_payout: { label: 'Payout closed', waitsFor: 'its turn' },
  close_day: { label: 'Day closed', waitsFor: 'its turn' },
  authorise: { label: 'Return authorised', waitsFor: 'its turn' },
  return_receipt_received: { label: 'News of the goods', waitsFor: 'the goods' },
  received: { label: 'Goods received', waitsFor: 'the goods' },
  inspect: { label: 'Inspected', waitsFor: 'its turn' },
  disposition: { label: 'Goods disposed of', waitsFor: 'stock' },
  approve_refund: { label: 'Refund approved', waitsFor: 'a second person' },
  refund_payment: { label: 'Money given back', waitsFor: 'the queue of {system}' },
  erp_post_credit: { label: 'Credit memo posted', waitsFor: 'the queue of {system}' },
  channel_refund: { label: 'Channel told: refunded', waitsFor: 'the queue of {system}' },
  apply_return_message: { label: 'Receipt taken by itself', waitsFor: 'its turn' },
  close: { label: 'Closed', waitsFor: 'its turn' },
  match: { label: 'Person recognised', waitsFor: 'its turn' },
  merge: { label: 'Merged with what is known', waitsFor: 'its turn' },
  publish_customer: { label: 'Customer published', waitsFor: 'the queue of {system}' },
  publish_product: { label: 'Product published', waitsFor: 'the queue of {system}' },
  begin_run: { label: 'Comparison begun', waitsFor: 'its turn' },
  read_stock: { label: 'Stock read', waitsFor: 'the quota of {system}' },
  compare_stock: { label: 'Stock compared', waitsFor: 'its turn' },
  recheck_differences: { label: 'Differences read again', waitsFor: 'what is in flight to arrive' },
  read_payments: { label: 'Payments read', waitsFor: 'the quota of {system}' },
  read_postings: { label: 'Postings read', waitsFor: 'the quota of {system}' },
  read_channel: { label: 'Channel’s orders read', waitsFor: 'the quota of {system}' },
  read_orders: { label: 'Orders read', waitsFor: 'its turn' },
  compare_money: { label: 'Money compared', waitsFor: 'its turn' },
  compare_orders: { label: 'Orders compared', waitsFor: 'its turn' },
  settle_breaks: { label: 'Breaks settled', waitsFor: 'its turn' },
  finish_run: { label: 'Comparison ended', waitsFor: 'its turn' },
  stock_changed: { label: 'Stock changed', waitsFor: 'a stock change' },
  publish_availability: { label: 'Availability published', waitsFor: 'the queue of {system}' },
};

const flowOrder = Object.keys(orderSteps);

/** Position of a step in its flow; steps that are not known sort last. */
export function stepRank(step: string): number {
  const at = flowOrder.indexOf(step);
  return at === -1 ? flowOrder.length : at;
}

/** Is this word the name of a step, and not one of a sentence? */
export const isStep = (word: string): boolean =>
  word.includes('_') || Object.hasOwn(orderSteps, word) || Object.hasOwn(otherSteps, word);

/** A step's name in words: "erp_create_sales_order" → "Sales order created". */
export function stepLabel(step: string): string {
  const known = orderSteps[step] ?? otherSteps[step];
  if (known) return known.label;
  const words = step.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the time before a step was spent on: "the queue of NetSuite". */
export function stepWait(step: string, systemName: string): string {
  const known = orderSteps[step] ?? otherSteps[step];
  return (known?.waitsFor ?? 'the queue of {system}').replace('{system}', systemName || 'Syncline');
}

export interface StatusWords {
  word: string;
  tone: Condition;
  /** A shape, so that colour is never the only carrier. */
  glyph: string;
}

const statusWords: Record<StepStatus | 'interrupted', StatusWords> = {
  started: { word: 'running', tone: 'info', glyph: '▶' },
  completed: { word: 'done', tone: 'good', glyph: '●' },
  retrying: { word: 'failed, tried again', tone: 'warn', glyph: '▲' },
  failed: { word: 'failed', tone: 'bad', glyph: '■' },
  quarantined: { word: 'quarantined', tone: 'bad', glyph: '■' },
  replayed: { word: 'replayed', tone: 'info', glyph: '↻' },
  skipped: { word: 'skipped', tone: 'none', glyph: '○' },
  degraded: { word: 'went on without it', tone: 'warn', glyph: '◆' },
  compensated: { word: 'undone', tone: 'none', glyph: '↶' },
  superseded: { word: 'superseded', tone: 'none', glyph: '○' },
  interrupted: { word: 'interrupted, taken over', tone: 'warn', glyph: '▲' },
};

export function statusOf(status: StepStatus | 'interrupted'): StatusWords {
  return statusWords[status];
}
