import type { z } from 'zod';
import { rejectedStreams, type rejectedCount } from '#app/queries/rejected.ts';
import { readTimeRange } from '#app/time-range.ts';

type Filter = z.input<typeof rejectedCount.params>;

/** The filters of an address; without any it is all that was rejected within its window. */
export function readRejectedFilter(search: URLSearchParams, now: Date): Filter {
  const { from, to } = readTimeRange(search, now);
  const values = (name: string) => [...new Set(search.getAll(name))].slice(0, 50).map((value) => value.slice(0, 500));
  return {
    from,
    to,
    streams: rejectedStreams.filter((one) => search.getAll('stream').includes(one)),
    fields: values('field'),
    why: (search.get('why') ?? '').slice(0, 1_000),
    text: (search.get('q') ?? '').trim().toLowerCase().slice(0, 200),
  };
}
