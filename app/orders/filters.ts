import type { z } from 'zod';
import type { Estate } from '#contracts/v1/estate.ts';
import { lifecycle } from '#contracts/v1/order.ts';
import { may, type Role } from '#contracts/v1/permissions.ts';
import { orderProblems, type orderCount } from '#app/queries/order-list.ts';
import { stepTargetsOf } from '#app/queries/step-target.ts';
import { readTimeRange } from '#app/time-range.ts';
import { mostSearched, spellings, valuesSought } from './pasted-values.ts';

export type OrderFilter = z.input<ReturnType<typeof orderCount>['params']>;

/**
 * What to look for, from what was typed or pasted: one value may be the beginning of a number, several are whole
 * numbers (an agent pastes fifty). A number sign, quotes and spaces around a value do not matter.
 */
export function searchTerms(typed: string): { terms: string[]; prefix: string } {
  const values = valuesSought(typed);
  const only = values.length === 1 ? values[0]?.toLowerCase() : undefined;
  return {
    terms: values.slice(0, mostSearched).flatMap(spellings),
    prefix: only !== undefined && only.length >= 3 ? only : '',
  };
}

/** The filters of an address, with everything the estate does not know left out. A search looks at all times. */
export function readOrderFilter(
  search: URLSearchParams,
  estate: Estate,
  roles: readonly Role[],
  now: Date,
): OrderFilter {
  const range = readTimeRange(search, now);
  const known = <T extends string>(name: string, values: readonly T[]) =>
    search.getAll(name).flatMap((value) => values.filter((one) => one === value));
  const sought = searchTerms(search.get('q') ?? '');
  return {
    from: range.from,
    to: range.to,
    accepted: sought.terms.length === 0 && search.get('accepted') === '1',
    now: new Date(Math.floor(now.getTime() / 1_000) * 1_000).toISOString(),
    ...stepTargetsOf(estate),
    channels: known(
      'channel',
      estate.channels.map((item) => item.id),
    ),
    lifecycles: known('lifecycle', lifecycle.options),
    entities: known(
      'entity',
      estate.legal_entities.map((item) => item.id),
    ),
    problem: orderProblems.find((one) => one === search.get('problem')) ?? '',
    ...sought,
    personal: may(roles, 'personal_data.read'),
  };
}

export const problemWords: Record<(typeof orderProblems)[number], string> = {
  case: 'In quarantine',
  late: 'Late',
  stuck: 'Stuck',
  failed: 'Failing now',
  none: 'No problem',
};
