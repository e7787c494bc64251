import type { z } from 'zod';
import { figures } from '#app/figures.ts';
import { formatNumber } from '#app/format.ts';
import { postingsAsked } from '#app/postings/paths.ts';
import type { postingFailures } from '#app/queries/posting-failures.ts';
import type { PostingsPrevented, PostingSummaryRow } from '#app/queries/postings.ts';
import { postingsTile, type TileView } from './live-tiles.ts';

const plain = { change: undefined, spark: undefined, target: '' } as const;
const unitOf = (count: number): string => (count === 1 ? 'posting' : 'postings');

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
      ...plain,
      id: 'pending',
      figure: figures.pendingPostings,
      value: formatNumber(pending),
      unit: unitOf(pending),
      beside: [],
      condition: pending === 0 ? 'none' : 'info',
      word: pending === 0 ? 'none under way' : 'under way',
      to: postingsAsked(rangeSearch, { state: 'pending' }),
    },
    {
      ...plain,
      id: 'posted',
      figure: figures.postedPostings,
      value: formatNumber(posted),
      unit: unitOf(posted),
      condition: posted === 0 ? 'none' : 'good',
      word: posted === 0 ? 'none posted' : 'posted',
      beside: [{ text: `of ${formatNumber(input.figure.postings)} attempted`, condition: 'none' }],
      to: postingsAsked(rangeSearch, { state: 'posted' }),
    },
    {
      ...plain,
      id: 'prevented',
      figure: figures.duplicatesPrevented,
      value: formatNumber(prevented),
      unit: unitOf(prevented),
      beside: [],
      condition: prevented === 0 ? 'none' : 'good',
      word: prevented === 0 ? 'none to prevent' : 'found, not posted again',
      to: postingsAsked(rangeSearch, { prevented: '1' }),
    },
  ];
}
