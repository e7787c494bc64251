import type { Flow } from '#contracts/v1/step-event.ts';

interface FlowWords {
  label: string;
  /** One of its transactions: "order". */
  one: string;
  many: string;
  /** Steps that a transaction without trouble takes, in order. What else may happen stands beside this line. */
  steps: readonly string[];
}

const words: Record<Flow, FlowWords> = {
  order_to_cash: {
    label: 'Orders',
    one: 'order',
    many: 'orders',
    steps: [
      ...['intake_received', 'canonicalise', 'validate', 'tax_enrich', 'fraud_screen', 'reserve_stock'],
      ...['acknowledge_channel', 'erp_create_sales_order', 'wms_release', 'shipment_confirmed', 'capture_payment'],
      ...['channel_fulfilment', 'notify_customer', 'delivered', 'erp_post_invoice', 'channel_invoice', 'settle'],
    ],
  },
  return_to_refund: {
    label: 'Returns',
    one: 'return',
    many: 'returns',
    steps: [
      ...['authorise', 'received', 'inspect', 'disposition', 'approve_refund', 'refund_payment', 'notify_customer'],
      ...['erp_post_credit', 'channel_refund', 'close'],
    ],
  },
  inventory_sync: {
    label: 'Inventory',
    one: 'stock update',
    many: 'stock updates',
    steps: ['stock_changed', 'publish_availability'],
  },
  price_publication: {
    label: 'Prices',
    one: 'price',
    many: 'prices',
    steps: ['validate', 'wait_for_start', 'publish_price', 'confirm_in_force', 'wait_for_end', 'close'],
  },
  product_sync: {
    label: 'Products',
    one: 'product',
    many: 'products',
    steps: ['validate', 'publish_product', 'close'],
  },
  customer_sync: {
    label: 'Customers',
    one: 'customer record',
    many: 'customer records',
    steps: ['validate', 'match', 'merge', 'publish_customer'],
  },
  store_settlement: {
    label: 'Store days',
    one: 'store day',
    many: 'store days',
    steps: ['batch_received', 'reconcile_takings', 'erp_post_journal', 'close_day'],
  },
  marketplace_settlement: {
    label: 'Payouts',
    one: 'payout',
    many: 'payouts',
    steps: ['read_payout', 'list_payout', 'gather_payout', 'match_orders', 'erp_post_journal', 'close_payout'],
  },
  reconciliation: {
    label: 'Reconciliation',
    one: 'reconciliation run',
    many: 'reconciliation runs',
    steps: [
      ...['begin_run', 'compare_stock', 'recheck_differences', 'compare_money', 'compare_orders'],
      ...['settle_breaks', 'finish_run'],
    ],
  },
};

/** A flow as people speak of it. */
export const flowWords = (flow: Flow): FlowWords => words[flow];
