import { useFetcher, useLocation } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import type { SelectedCase, SelectionAnswer } from './bulk.ts';

export interface CaseSelection {
  cases: ReadonlyMap<string, number>;
  /** Everything the filters leave is being fetched. */
  fetching: boolean;
  /** There were more than one request may change; the first so many were taken. */
  cut: boolean;
  /** Takes over which of the rows shown are selected; rows of other pages stay as they are. */
  choose: (keys: ReadonlySet<string>) => void;
  /** Selects everything the filters of the address leave, as it is now. */
  all: () => void;
  clear: () => void;
}

const none: ReadonlyMap<string, number> = new Map();

/**
 * Cases chosen for one action, each with the revision it had when it was chosen. The choice outlives turning the page
 * and what arrives meanwhile, and ends when the filters change.
 */
export function useSelection(shown: readonly SelectedCase[]): CaseSelection {
  const { search } = useLocation();
  const filters = withoutPage(search);
  const fetcher = useFetcher<SelectionAnswer>();
  const [state, setState] = useState({ filters, cases: none, cut: false });
  const current = state.filters === filters ? state : { filters, cases: none, cut: false };
  const { data } = fetcher;
  // The answer comes again with every revalidation; only what was asked for is taken.
  const asked = useRef(false);
  useEffect(() => {
    if (data === undefined || !asked.current) return;
    asked.current = false;
    setState((before) => ({
      ...before,
      cases: new Map(data.cases.map(({ id, revision }) => [id, revision])),
      cut: data.more,
    }));
  }, [data]);
  return {
    cases: current.cases,
    cut: current.cut,
    fetching: fetcher.state !== 'idle',
    choose: (keys) => {
      const cases = new Map(current.cases);
      for (const { id, revision } of shown) {
        if (!keys.has(id)) cases.delete(id);
        else if (!cases.has(id)) cases.set(id, revision);
      }
      setState({ filters, cases, cut: false });
    },
    all: () => {
      setState({ filters, cases: current.cases, cut: false });
      asked.current = true;
      fetcher.load(`/quarantine/selection${search}`);
    },
    clear: () => setState({ filters, cases: none, cut: false }),
  };
}

function withoutPage(search: string): string {
  const params = new URLSearchParams(search);
  for (const name of ['page', 'sort', 'columns']) params.delete(name);
  return params.toString();
}
