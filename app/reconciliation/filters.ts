import type { z } from 'zod';
import { breakDomain, breakKind } from '#contracts/v1/reconciliation.ts';
import type { breakCount } from '#app/queries/reconciliation.ts';

type BreakFilter = z.input<typeof breakCount.params>;

const statuses = ['open', 'healed', 'closed'] as const;

/** The filters of an address; without a state it is the open ones. */
export function readBreakFilter(search: URLSearchParams): BreakFilter {
  const known = <T extends string>(name: string, values: readonly T[]): T[] =>
    values.filter((value) => search.getAll(name).includes(value));
  const chosen = known('status', statuses);
  return {
    domains: known('domain', breakDomain.options),
    kinds: known('kind', breakKind.options),
    statuses: search.has('run') || search.has('status') ? chosen : ['open'],
    systems: search.getAll('system').slice(0, 50),
    entities: search.getAll('entity').slice(0, 50),
    run: (search.get('run') ?? '').slice(0, 100),
    text: (search.get('q') ?? '').trim().toLowerCase().slice(0, 200),
  };
}
