import { defineCall } from '../../flow.ts';
import {
  booksOf,
  erpOf,
  type OrderCall,
  type OrderData,
  type OrderEnv,
  orderOf,
  type OrderView,
} from '../order-data.ts';
import { mapTaxCodes } from '../rules/taxes.ts';

export const salesOrderKey = (orderKey: string): string => `so-${orderKey}`;

const posting = ({ key }: OrderView) => ({ document: 'sales_order' as const, posting_key: salesOrderKey(key) });

/** Posts the sales order; one posting key is one document, however often it is sent. */
export const erpCreateSalesOrder: OrderCall = {
  kind: 'call',
  name: 'erp_create_sales_order',
  next: () => 'wms_release',
  call: defineCall<OrderData, OrderEnv, 'create_sales_order'>({
    verb: 'create_sales_order',
    system: erpOf,
    posting,
    input: async (view, env) => {
      const order = await orderOf(view, env);
      const { erp, subsidiary } = booksOf(view);
      return {
        order,
        postingKey: salesOrderKey(view.key),
        subsidiary,
        location: view.data.location,
        taxCodes: mapTaxCodes(order, erp, (code) => env.master.mapping('tax_code', erp, code)?.target).taxCodes,
      };
    },
    done: (view, { documentId, documentNumber }) => ({
      status: 'completed',
      data: { erp_order: { id: documentId, number: documentNumber } },
      attributes: {
        document_number: documentNumber,
        ref_erp_document: documentNumber,
      },
    }),
  }),
  undo: defineCall<OrderData, OrderEnv, 'cancel_sales_order'>({
    verb: 'cancel_sales_order',
    system: erpOf,
    posting,
    input: async (view) => ({ postingKey: salesOrderKey(view.key), documentId: view.data.erp_order.id }),
    done: () => ({ status: 'completed' }),
  }),
};
