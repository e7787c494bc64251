import type { Condition } from '#app/components/status-mark.tsx';
import type { PostingRow } from '#app/queries/postings.ts';
import type { PostingStanding } from '#app/queries/posting-filter.ts';

const states: Record<PostingRow['state'], { word: string; condition: Condition }> = {
  posted: { word: 'posted', condition: 'good' },
  retrying: { word: 'failed, tried again', condition: 'warn' },
  failed: { word: 'failed', condition: 'bad' },
  compensated: { word: 'undone', condition: 'none' },
  skipped: { word: 'not needed', condition: 'none' },
  pending: { word: 'under way', condition: 'info' },
};

/** Where a posting stands, by word and shape. */
export const postingState = (state: PostingRow['state']) => states[state];

/** What a filter of the list is called. */
export const standingWords: Record<PostingStanding, string> = {
  failed: 'Failed',
  pending: 'Pending',
  posted: 'Posted',
  compensated: 'Undone',
  superseded: 'Replaced',
  skipped: 'Not needed',
};

/** Documents that are posted, by kind. */
export const documentWords: Record<string, string> = {
  sales_order: 'Sales order',
  invoice: 'Invoice',
  payment: 'Payment',
  refund: 'Refund',
  credit_memo: 'Credit memo',
  journal: 'Journal entry',
};

export const documentName = (document: string): string => documentWords[document] ?? document;
