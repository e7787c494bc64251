import { parseTransactionKey } from '#contracts/v1/key.ts';
import { booksAt } from '../../../books.ts';
import { defineCall } from '../../flow.ts';
import { payoutOf } from '../kept-payout.ts';
import { payoutChannel, type PayoutCall, type PayoutData, type PayoutEnv, type PayoutView } from '../payout-data.ts';
import { failedBefore } from '../rules/failed-before.ts';
import { payoutJournal } from '../rules/payout-journal.ts';

const journalKey = (payoutKey: string): string => `payout-${payoutKey}`;

function entityOf({ estate, state }: PayoutView) {
  const entity = estate.legal_entities.find(({ id }) => id === state.dimensions.legal_entity);
  if (entity === undefined) throw new Error(`the estate no longer declares "${state.dimensions.legal_entity}"`);
  return entity;
}

/** The books a payout is kept in: those in force when it was paid. */
const booksOf = (view: PayoutView) => booksAt(entityOf(view), 'payouts', view.state.dimensions.occurred_at);

async function journalOf(view: PayoutView, env: PayoutEnv) {
  const payout = await payoutOf(view, env);
  const system = parseTransactionKey(view.key)?.system ?? '';
  return payoutJournal(payout, {
    legalEntity: entityOf(view).id,
    postingKey: journalKey(view.key),
    name: payoutChannel(view, system, payout.currency)?.name ?? system,
  });
}

/** Posts cash, fees and what the orders settle in the books of the channel's legal entity, once. */
export const erpPostJournal: PayoutCall = {
  kind: 'call',
  name: 'erp_post_journal',
  next: () => 'close_payout',
  call: defineCall<PayoutData, PayoutEnv, 'post_journal'>({
    verb: 'post_journal',
    system: (view) => booksOf(view).erp,
    skip: async (view, env) => {
      const posted = await journalOf(view, env);
      return 'nothing' in posted ? posted.nothing : undefined;
    },
    // It may have been told to have failed while the ERP kept us waiting.
    forbidden: async ({ key, data, state }, env) => {
      const system = parseTransactionKey(key)?.system ?? '';
      if (!(await env.failed(system, data.payout_id))) return undefined;
      return failedBefore({
        payoutId: data.payout_id,
        total: state.dimensions.amount,
        currency: state.dimensions.currency,
      });
    },
    posting: ({ key }) => ({ document: 'journal', posting_key: journalKey(key) }),
    input: async (view, env) => {
      const posted = await journalOf(view, env);
      if ('nothing' in posted) throw new Error(posted.nothing);
      return { journal: posted, subsidiary: booksOf(view).subsidiary };
    },
    done: (_view, { documentId, documentNumber }) => ({
      status: 'completed',
      data: { journal: { id: documentId, number: documentNumber } },
      attributes: { document_number: documentNumber, ref_erp_document: documentNumber },
    }),
  }),
};
