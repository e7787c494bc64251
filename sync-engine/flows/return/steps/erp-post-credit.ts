import { Decimal } from '../../../money.ts';
import { defineCall } from '../../flow.ts';
import { erpOf, legalEntityOf } from '../../order/order-data.ts';
import { mapTaxCodes } from '../../order/rules/taxes.ts';
import { orderOf, goodsOf, refundOf, type ReturnCall, type ReturnData, type ReturnEnv } from '../return-data.ts';

const creditKey = (key: string): string => `cm-${key}`;

/** Credits the order with what was given back, in the books of its legal entity, once. */
export const erpPostCredit: ReturnCall = {
  kind: 'call',
  name: 'erp_post_credit',
  next: () => 'channel_refund',
  call: defineCall<ReturnData, ReturnEnv, 'post_credit_memo'>({
    verb: 'post_credit_memo',
    system: erpOf,
    posting: ({ key }) => ({ document: 'credit_memo', posting_key: creditKey(key) }),
    skip: (view) => (new Decimal(refundOf(view).total).isZero() ? 'Nothing was given back.' : undefined),
    input: async (view, env) => {
      const { order, location, invoiceId } = await orderOf(view, env);
      const erp = erpOf(view);
      return {
        order,
        refund: refundOf(view),
        postingKey: creditKey(view.key),
        returnNumber: view.data.number,
        creditedAt: goodsOf(view).at,
        subsidiary: legalEntityOf(view).erp_subsidiary,
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
