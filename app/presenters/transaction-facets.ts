import type { z } from 'zod';
import { mostValues, type transactionBreakdown } from '#app/queries/transaction-breakdown.ts';
import {
  absences,
  type Facet,
  facets,
  facetWords,
  type State,
  states,
  stateWords,
} from '#app/transactions/attributes.ts';
import { facetValue } from '#app/words/transactions.ts';
import type { EstateNames } from '#app/words/names.ts';

export type BreakdownRow = z.output<typeof transactionBreakdown.row>;

/** Values of a facet that are shown; those that are chosen always are. */
const mostShown = 40;

export interface FacetValue {
  value: string;
  label: string;
  about: string;
  /** Undefined where it is not among the values that were counted. */
  transactions: number | undefined;
  chosen: 'only' | 'except' | '';
}
export interface FacetView {
  facet: Facet;
  label: string;
  values: FacetValue[];
  /** Values that are not shown, and whether there may be more than were counted. */
  more: number;
  capped: boolean;
}

/** The facets that tell transactions apart, each with the count of its values and what is chosen of it. Pure. */
export function presentFacets(rows: readonly BreakdownRow[], search: URLSearchParams, names: EstateNames): FacetView[] {
  return facets.flatMap((facet) => {
    const choiceOf = (value: string) =>
      search.getAll(facet).includes(value)
        ? ('only' as const)
        : search.getAll(`not.${facet}`).includes(value)
          ? ('except' as const)
          : ('' as const);
    const counted = new Map<string, number | undefined>(
      rows.flatMap((row) => (row.counted === facet ? [[row.value, row.transactions]] : [])),
    );
    const capped = counted.size >= mostValues;
    for (const value of [...search.getAll(facet), ...search.getAll(`not.${facet}`)])
      if (!counted.has(value) && (facet !== 'state' || states.some((one) => one === value)))
        counted.set(value, capped ? undefined : 0);
    const all = [...counted].map(([value, transactions]) => ({
      value,
      label: facetValue(facet, value, names),
      about: facet === 'state' ? stateWords[value as State].about : value,
      transactions,
      chosen: choiceOf(value),
    }));
    if (facet === 'state') all.sort((a, b) => order(a.value) - order(b.value));
    const offered = all.filter(
      ({ value, chosen }) => facet !== 'state' || chosen !== '' || !absences.some((one) => one === value),
    );
    const shown = offered.filter((one, index) => index < mostShown || one.chosen !== '');
    // What all transactions have in common chooses nothing.
    if (shown.length < 2 && shown.every((one) => one.chosen === '')) return [];
    return [{ facet, label: facetWords[facet], values: shown, more: offered.length - shown.length, capped }];
  });
}

const order = (value: string) => states.findIndex((one) => one === value);
