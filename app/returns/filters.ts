import type { z } from 'zod';
import { type returnCount, returnProblems } from '#app/queries/returns.ts';

/** A return is looked for this far back: its goods may take weeks. */
const SINCE_MS = 90 * 86_400_000;

type Filter = z.output<typeof returnCount.params>;

/** The filters of an address; without any it is all that was asked for within 90 days. */
export function readReturnFilter(search: URLSearchParams, now: Date): Filter {
  return {
    since: new Date(now.getTime() - SINCE_MS).toISOString(),
    now: now.toISOString(),
    problem: returnProblems.find((one) => one === search.get('problem')) ?? '',
    channels: [...new Set(search.getAll('channel'))].slice(0, 50).map((value) => value.slice(0, 200)),
    text: (search.get('q') ?? '').trim().toLowerCase().slice(0, 200),
  };
}
