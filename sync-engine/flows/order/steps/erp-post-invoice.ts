import { defineCall } from '../../flow.ts';
import {
  channelOf,
  erpOf,
  type OrderCall,
  type OrderData,
  type OrderEnv,
  orderOf,
  type OrderView,
} from '../order-data.ts';
import { salesOrderKey } from './erp-create-sales-order.ts';

const invoiceKey = (orderKey: string): string => `inv-${orderKey}`;

/** An invoice posted on shipment still has its deliveries to come. */
export const afterInvoice = ({ data, estate }: OrderView): string =>
  estate.policies.post_invoice_on === 'shipment' && data.shipments.length > 0 ? 'delivered' : 'settle';

/** Posts the invoice, once policy allows: revenue is recognised on shipment or on delivery. */
export const erpPostInvoice: OrderCall = {
  kind: 'call',
  name: 'erp_post_invoice',
  next: (view) => (channelOf(view).on_account === true ? 'channel_invoice' : afterInvoice(view)),
  call: defineCall<OrderData, OrderEnv, 'post_invoice'>({
    verb: 'post_invoice',
    system: erpOf,
    posting: ({ key }) => ({ document: 'invoice', posting_key: invoiceKey(key) }),
    input: async (view, env) => ({
      order: await orderOf(view, env),
      postingKey: invoiceKey(view.key),
      salesOrderId: view.data.erp_order.id,
      salesOrderPostingKey: salesOrderKey(view.key),
    }),
    done: (view, { documentId, documentNumber }) => ({
      status: 'completed',
      data: { invoice: { id: documentId, number: documentNumber, posted_at: view.now.toISOString() } },
      attributes: {
        document_number: documentNumber,
        ref_erp_document: documentNumber,
      },
    }),
  }),
};
