import type { z } from 'zod';
import { postingStandings } from '#app/queries/posting-filter.ts';
import type { postingCount } from '#app/queries/postings.ts';
import { readTimeRange } from '#app/time-range.ts';

type Filter = z.input<typeof postingCount.params>;

/** The filters of an address; without a state it is all that was attempted. */
export function readPostingFilter(search: URLSearchParams, now: Date): Filter {
  const { from, to } = readTimeRange(search, now);
  const values = (name: string) => [...new Set(search.getAll(name))].slice(0, 50).map((value) => value.slice(0, 200));
  return {
    from,
    to,
    standings: postingStandings.filter((one) => search.getAll('state').includes(one)),
    systems: values('system'),
    entities: values('entity'),
    documents: values('document'),
    cause: (search.get('cause') ?? '').slice(0, 1_000),
    prevented: search.get('prevented') === '1',
    text: (search.get('q') ?? '').trim().toLowerCase().slice(0, 200),
  };
}
