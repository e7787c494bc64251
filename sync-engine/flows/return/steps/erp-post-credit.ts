import { Decimal } from '../../../money.ts';
import { defineCall } from '../../flow.ts';
import { booksAt } from '../../../books.ts';
import { legalEntityOf } from '../../order/order-data.ts';
import { mapTaxCodes } from '../../order/rules/taxes.ts';
import {
  orderOf,
  goodsOf,
  refundOf,
  type ReturnCall,
  type ReturnData,
  type ReturnEnv,
  type ReturnView,
} from '../return-data.ts';

const creditKey = (key: string): string => `cm-${key}`;

/** The books that have the order's invoice. */
const booksOf = (view: ReturnView) =>
  booksAt(legalEntityOf(view), 'orders', view.data.order_placed_at ?? view.state.dimensions.occurred_at);

/** Credits the order with what was given back, in the books of its legal entity, once. */
export const erpPostCredit: ReturnCall = {
  kind: 'call',
  name: 'erp_post_credit',
  next: () => 'channel_refund',
  call: defineCall<ReturnData, ReturnEnv, 'post_credit_memo'>({
    verb: 'post_credit_memo',
    system: (view) => booksOf(view).erp,
    posting: ({ key }) => ({ document: 'credit_memo', posting_key: creditKey(key) }),
    skip: (view) => (new Decimal(refundOf(view).total).isZero() ? 'Nothing was given back.' : undefined),
    input: async (view, env) => {
      const { order, location, invoiceId } = await orderOf(view, env);
      const { erp, subsidiary } = booksOf(view);
      return {
        order,
        refund: refundOf(view),
        postingKey: creditKey(view.key),
        returnNumber: view.data.number,
        creditedAt: goodsOf(view).at,
        subsidiary,
        location,
        taxCodes: mapTaxCodes(order, erp, (code) => env.master.mapping('tax_code', erp, code)?.target).taxCodes,
        invoiceId,
      };
    },
    done: (_view, { documentId, documentNumber }) => ({
      status: 'completed',
      data: { credit_memo: { id: documentId, number: documentNumber } },
      attributes: { document_number: documentNumber, ref_erp_document: documentNumber },
    }),
  }),
};
