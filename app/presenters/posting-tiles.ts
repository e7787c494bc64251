import type { z } from 'zod';
import type { Condition } from '#app/components/status-mark.tsx';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import { postingsAsked } from '#app/postings/paths.ts';
import type { postingFailures } from '#app/queries/posting-failures.ts';
import type { PostingsPrevented, PostingSummaryRow } from '#app/queries/postings.ts';
import { postingsTile, type TileView } from './live-tiles.ts';

/** How many postings there are, and in a word what of them; `condition` where there are any. */
const counted = (count: number, condition: Condition, [some, none]: readonly [string, string]) => ({
  ...{ change: undefined, spark: undefined, target: '', beside: [] },
  value: formatNumber(count),
  unit: count === 1 ? 'posting' : 'postings',
  condition: count === 0 ? ('none' as const) : condition,
  word: count === 0 ? none : some,
});

/** The figures of the page, each a link to the postings that it counts. Pure. */
export function postingTiles(input: {
  figure: z.output<typeof postingFailures.row>;
  groups: readonly PostingSummaryRow[];
  prevented: readonly PostingsPrevented[];
  rangeSearch: string;
}): TileView[] {
  const { rangeSearch } = input;
  const sum = <Row>(rows: readonly Row[], of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0);
  const pending = sum(input.groups, (group) => group.pending);
  const posted = sum(input.groups, (group) => group.posted);
  const prevented = sum(input.prevented, (group) => group.prevented);
  // The curve is on the Live page; here the summary below tells more.
  const failed = { ...postingsTile({ ...input.figure, points: [] }), spark: undefined };
  return [
    { ...failed, to: postingsAsked(rangeSearch, { state: 'failed' }) },
    {
      ...counted(pending, 'info', ['under way', 'none under way']),
      id: 'pending',
      figure: figures.pendingPostings,
      to: postingsAsked(rangeSearch, { state: 'pending' }),
    },
    {
      ...counted(posted, 'good', ['posted', 'none posted']),
      id: 'posted',
      figure: figures.postedPostings,
      beside: [{ text: `of ${formatNumber(input.figure.postings)} attempted`, condition: 'none' }],
      to: postingsAsked(rangeSearch, { state: 'posted' }),
    },
    {
      ...counted(prevented, 'good', ['found, not posted again', 'none to prevent']),
      id: 'prevented',
      figure: figures.duplicatesPrevented,
      to: postingsAsked(rangeSearch, { prevented: '1' }),
    },
  ];
}
