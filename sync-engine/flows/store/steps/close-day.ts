import type { StoreInline } from '../store-data.ts';

/** Nothing more is taken for this day. */
export const closeDay: StoreInline = {
  kind: 'inline',
  name: 'close_day',
  next: () => 'close_day',
  run: ({ data }) => ({
    status: 'completed',
    attributes: { batches: String(data.sequences.length), business_date: data.business_date },
    finish: true,
  }),
};
