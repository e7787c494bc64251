import type { System } from '#contracts/v1/estate.ts';
import type { Send, Verb } from '../connector.ts';
import type { ErpServices, ReturnServices } from '../services.ts';
import { jsonCall, segment } from '../transport/json-call.ts';
import { readBody } from '../transport/answer.ts';
import { creditMemoRecord } from './credit-memo.ts';
import { endedStatuses, transactionRecord } from './contract.ts';
import { journalPlace, journalRecord } from './journal.ts';
import { canonicalPlace, documentIdOf, documentOf, refused } from './map.ts';
import { salesOrderRecord } from './sales-order.ts';

const records = '/services/rest/record/v1';
type Document = { documentId: string; documentNumber: string };
type RecordType = 'salesOrder' | 'invoice' | 'creditMemo' | 'journalEntry';

const byKey = (type: RecordType, key: string) => `${records}/${type}/eid:${segment(key)}`;
const nowhere = () => undefined;

/** The document of a posting key, or undefined. */
async function findDocument(type: RecordType, postingKey: string, send: Send): Promise<Document | undefined> {
  const answer = await send(jsonCall('GET', byKey(type, postingKey)));
  if (answer.status === 404) return undefined;
  const error = refused(answer, nowhere);
  if (error !== undefined) throw error;
  return documentOf(answer);
}

/** The upsert answers the internal id only; people and finance know the document by its number. */
function readNumber(type: RecordType): NonNullable<Verb<unknown, Document>['after']> {
  return {
    prepare: ({ documentId }) => jsonCall('GET', `${records}/${type}/${segment(documentId)}`),
    read(answer) {
      const error = refused(answer, nowhere);
      if (error !== undefined) throw error;
      return documentOf(answer);
    },
  };
}

/**
 * NetSuite's business services. Documents are upserted by external id = posting key, so the same posting never makes a
 * second document (NetSuite Help, "Using the Upsert Operation").
 */
export function netsuiteServices(system: System): ErpServices & Pick<ReturnServices, 'post_credit_memo'> {
  return {
    create_sales_order: {
      name: 'create_sales_order',
      prepare: (input) =>
        jsonCall('PUT', byKey('salesOrder', input.postingKey), salesOrderRecord(input, system.settings).body),
      read(answer, input) {
        const error = refused(answer, (path) => canonicalPlace(path, salesOrderRecord(input, system.settings)));
        if (error !== undefined) throw error;
        const documentId = documentIdOf(answer);
        return { documentId, documentNumber: documentId };
      },
      after: readNumber('salesOrder'),
      find: (input, send) => findDocument('salesOrder', input.postingKey, send),
    },

    cancel_sales_order: {
      name: 'cancel_sales_order',
      // Where the answer that named the document was lost, our key names it; where it never came to be, all is well.
      prepare: ({ documentId, postingKey }) =>
        jsonCall(
          'PATCH',
          documentId === '' ? byKey('salesOrder', postingKey) : `${records}/salesOrder/${segment(documentId)}`,
          { orderStatus: { id: 'C' } },
        ),
      read(answer, { documentId }) {
        if (answer.status === 404 && documentId === '') return { documentId };
        const error = refused(answer, nowhere);
        if (error !== undefined) throw error;
        return { documentId };
      },
      async find({ postingKey }, send) {
        const answer = await send(jsonCall('GET', byKey('salesOrder', postingKey)));
        if (answer.status === 404) return undefined;
        const error = refused(answer, nowhere);
        if (error !== undefined) throw error;
        const record = readBody(answer, transactionRecord, "NetSuite's sales order");
        const status = record.orderStatus ?? record.status ?? '';
        return endedStatuses.includes(status) ? { documentId: record.id } : undefined;
      },
    },

    post_invoice: {
      name: 'post_invoice',
      prepare: ({ order, postingKey, salesOrderId }) =>
        jsonCall('PUT', byKey('invoice', postingKey), {
          // NetSuite takes lines, amounts, taxes and addresses over from the sales order.
          createdFrom: { id: salesOrderId },
          otherRefNum: order.number,
          memo: `${order.channel} ${order.number}`,
        }),
      read(answer) {
        const error = refused(answer, nowhere);
        if (error !== undefined) throw error;
        const documentId = documentIdOf(answer);
        return { documentId, documentNumber: documentId };
      },
      after: readNumber('invoice'),
      find: (input, send) => findDocument('invoice', input.postingKey, send),
    },

    post_credit_memo: {
      name: 'post_credit_memo',
      prepare: (input) =>
        jsonCall('PUT', byKey('creditMemo', input.postingKey), creditMemoRecord(input, system.settings).body),
      read(answer, input) {
        const error = refused(answer, (path) => canonicalPlace(path, creditMemoRecord(input, system.settings)));
        if (error !== undefined) throw error;
        const documentId = documentIdOf(answer);
        return { documentId, documentNumber: documentId };
      },
      after: readNumber('creditMemo'),
      find: (input, send) => findDocument('creditMemo', input.postingKey, send),
    },

    post_journal: {
      name: 'post_journal',
      prepare: (input) =>
        jsonCall('PUT', byKey('journalEntry', input.journal.posting_key), journalRecord(input, system.settings)),
      read(answer) {
        const error = refused(answer, journalPlace);
        if (error !== undefined) throw error;
        const documentId = documentIdOf(answer);
        return { documentId, documentNumber: documentId };
      },
      after: readNumber('journalEntry'),
      find: ({ journal }, send) => findDocument('journalEntry', journal.posting_key, send),
    },
  };
}
