import { booksAt } from '../../../books.ts';
import { sumAmounts } from '../../../money.ts';
import { defineCall } from '../../flow.ts';
import { dayJournal, entityOf } from '../rules/day-journal.ts';
import { storeOf } from '../rules/check-batch.ts';
import type { StoreCall, StoreData, StoreEnv, StoreView } from '../store-data.ts';

const journalKey = (dayKey: string): string => `day-${dayKey}`;

function storeIn({ estate, data }: StoreView) {
  const store = storeOf(estate, data.store);
  if (store === undefined) throw new Error(`the estate no longer declares the store "${data.store}"`);
  return store;
}

/** The books a day is kept in: those in force when it began. */
const booksOf = (view: StoreView) =>
  booksAt(entityOf(view.estate, storeIn(view)), 'takings', `${view.data.business_date}T00:00:00.000Z`);

function journalOf(view: StoreView) {
  const { business_date, currency, totals, end_of_day } = view.data;
  if (end_of_day === undefined) throw new Error('the day has not been ended');
  return dayJournal({
    store: storeIn(view),
    businessDate: business_date,
    currency,
    totals,
    end: end_of_day.counts,
    postingKey: journalKey(view.key),
  });
}

/** Posts the day in the books of the store's legal entity, once. */
export const erpPostJournal: StoreCall = {
  kind: 'call',
  name: 'erp_post_journal',
  next: () => 'close_day',
  call: defineCall<StoreData, StoreEnv, 'post_journal'>({
    verb: 'post_journal',
    system: (view) => booksOf(view).erp,
    skip: (view) => {
      const posted = journalOf(view);
      return 'nothing' in posted ? posted.nothing : undefined;
    },
    posting: ({ key }) => ({ document: 'journal', posting_key: journalKey(key) }),
    input: (view) => {
      const posted = journalOf(view);
      if ('nothing' in posted) throw new Error(posted.nothing);
      return Promise.resolve({
        journal: posted,
        subsidiary: booksOf(view).subsidiary,
      });
    },
    done: (_view, { documentId, documentNumber }, { journal }) => ({
      status: 'completed',
      amount: sumAmounts(journal.lines.flatMap(({ debit }) => debit ?? [])),
      currency: journal.currency,
      data: { journal: { id: documentId, number: documentNumber } },
      attributes: { document_number: documentNumber, ref_erp_document: documentNumber },
    }),
  }),
};
