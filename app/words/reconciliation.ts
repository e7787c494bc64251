import type { BreakKind, ReconciliationRun } from '#contracts/v1/reconciliation.ts';
import type { Condition } from '#app/components/status-mark.tsx';

type State = { condition: Condition; word: string };

const runStates: Record<ReconciliationRun['status'], State> = {
  queued: { condition: 'info', word: 'waits its turn' },
  running: { condition: 'info', word: 'compares' },
  done: { condition: 'good', word: 'done' },
  incomplete: { condition: 'warn', word: 'incomplete' },
  failed: { condition: 'bad', word: 'failed' },
};
export const runState = (status: ReconciliationRun['status']): State => runStates[status];

const breakStates = {
  open: { condition: 'bad', word: 'open' },
  healed: { condition: 'good', word: 'healed' },
  closed: { condition: 'none', word: 'closed' },
} as const satisfies Record<string, State>;
export const breakState = (status: keyof typeof breakStates): State => breakStates[status];

/** What a break is, and what it takes to put it right. */
export const breakWords: Record<BreakKind, { label: string; meaning: string; remedy: string }> = {
  stock_erp: {
    label: 'Stock differs in the ERP',
    meaning: 'The ERP has another quantity on hand than Syncline.',
    remedy: 'Look for a movement that one of the two missed; adjust the ERP, or count the item.',
  },
  stock_wms: {
    label: 'Stock differs in the warehouse',
    meaning: 'The warehouse system has another quantity on hand than Syncline.',
    remedy: 'Have the item counted: a count from the warehouse puts Syncline right.',
  },
  stock_channel: {
    label: 'Shop shows another quantity',
    meaning: 'The shop offers another quantity than it was told, and nothing is on its way to it.',
    remedy: 'Somebody changed it there. The next movement of the item publishes the right quantity again.',
  },
  capture_missing: {
    label: 'Capture not settled',
    meaning: 'We captured it, and the payment system does not list it.',
    remedy: 'Look the payment up by its reference. If it is not there, the customer was not charged.',
  },
  capture_unknown: {
    label: 'Charge nobody knows of',
    meaning: 'The payment system lists a charge of which no order here knows.',
    remedy: 'Find its order. If there is none, give the money back.',
  },
  capture_amount: {
    label: 'Capture of another amount',
    meaning: 'Both have the capture, with different amounts.',
    remedy: 'Compare order and payment; refund or invoice the difference.',
  },
  refund_missing: {
    label: 'Refund not given',
    meaning: 'We refunded it, and the payment system lists no reversal.',
    remedy: 'Look the refund up by its reference: the customer still waits for the money if it is not there.',
  },
  refund_unknown: {
    label: 'Reversal nobody knows of',
    meaning: 'The payment system gave money back for which there is no return here.',
    remedy: 'Find out who gave it back, and post a credit memo for it.',
  },
  refund_amount: {
    label: 'Refund of another amount',
    meaning: 'Both have the refund, with different amounts.',
    remedy: 'Compare return and payment; give back or claim the difference.',
  },
  posting_missing: {
    label: 'Not in the books',
    meaning: 'We posted it, and the ERP does not list it.',
    remedy: 'It was deleted or voided there. Post it again, or close this with the document that replaces it.',
  },
  posting_unknown: {
    label: 'Posting nobody made',
    meaning: 'The ERP has a document under a posting key of ours that we did not post.',
    remedy: 'Find out who posted it; reverse it, or close this with the reason.',
  },
  posting_amount: {
    label: 'Another amount in the books',
    meaning: 'The document in the ERP has another total than what was posted.',
    remedy: 'It was changed there. Correct it, or close this with the document that explains it.',
  },
  posting_entity: {
    label: 'Books of another legal entity',
    meaning: 'The document is posted in the books of another legal entity than its order.',
    remedy: 'Reverse it there and post it in the right books.',
  },
  order_never_arrived: {
    label: 'Order never arrived',
    meaning: 'The channel lists an order that did not reach Syncline: until it does, nothing of it is done.',
    remedy: 'Fetch it from the channel and send it through. It heals by itself should it arrive after all.',
  },
};

const subjects: Record<string, string> = {
  erp: 'On hand, ERP',
  wms: 'On hand, warehouse',
  channel: 'Offered, shop',
  capture: 'Captures',
  refund: 'Refunds',
  invoice: 'Invoices',
  credit_memo: 'Credit memos',
  journal: 'Journals',
  order: 'Orders',
};
export const subjectWords = (subject: string): string => subjects[subject] ?? subject;

const eventWords: Record<string, string> = {
  opened: 'Found',
  seen: 'Found again',
  reopened: 'Came back',
  healed: 'Healed',
  assigned: 'Assigned',
  commented: 'Comment',
  closed: 'Closed',
  fetched: 'Fetched and sent through',
};
export const breakEventWord = (type: string): string => eventWords[type] ?? type;
