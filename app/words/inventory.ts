import type { Condition } from '#app/components/status-mark.tsx';
import type { ItemState } from '#app/queries/inventory-items.ts';
import type { ChangeKind } from '#app/queries/stock-changes.ts';

type State = { condition: Condition; word: string };

const itemStates: Record<ItemState, State> = {
  stale: { condition: 'bad', word: 'stale' },
  waiting: { condition: 'info', word: 'waiting' },
  contested: { condition: 'warn', word: 'contested' },
  fresh: { condition: 'good', word: 'fresh' },
};
export const itemState = (state: ItemState): State => itemStates[state];

const changeKinds: Record<ChangeKind, State> = {
  changed: { condition: 'info', word: 'stock changed' },
  superseded: { condition: 'none', word: 'superseded' },
  published: { condition: 'good', word: 'channel told' },
  refused: { condition: 'bad', word: 'channel refused' },
  skipped: { condition: 'none', word: 'nothing to tell' },
  continued: { condition: 'none', word: 'still to be told' },
};
export const changeKind = (kind: ChangeKind): State => changeKinds[kind];

const reasons: Record<string, string> = {
  count: 'counted',
  receipt: 'received',
  adjustment: 'adjusted',
  sale: 'sold in a store',
  return: 'returned',
  transfer_in: 'transfer came in',
  transfer_out: 'transfer left',
  announced: 'announced by a supplier',
  in_transit: 'on its way here',
  reservation: 'reserved',
  release: 'reservation given back',
  shipment: 'shipped',
  channel_drift: 'channel showed another quantity',
  superseded: 'newer one known already',
};

/** Why stock changed: several reasons where one entry of the journal brought several changes. */
export const changeReasons = (text: string): string =>
  text
    .split(' ')
    .map((reason) => reasons[reason] ?? reason.replaceAll('_', ' '))
    .join(', ');
