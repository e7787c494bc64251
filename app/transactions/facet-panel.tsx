import { Link, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { Check, Minus } from 'lucide-react';
import { formatNumber } from '#app/format.ts';
import type { FacetValue, FacetView } from '#app/presenters/transaction-facets.ts';

/** Values of a facet that are seen at once; more are a click away. */
const seen = 8;

/** The address with a value chosen or left out, or neither where it was. */
function toggled(search: URLSearchParams, facet: string, one: FacetValue, how: 'only' | 'except'): string {
  const next = new URLSearchParams(search);
  next.delete('page');
  for (const name of [facet, `not.${facet}`]) {
    const kept = next.getAll(name).filter((value) => value !== one.value);
    next.delete(name);
    for (const value of kept) next.append(name, value);
  }
  if (one.chosen !== how) next.append(how === 'only' ? facet : `not.${facet}`, one.value);
  return `?${next.toString()}`;
}

/** ", 12 not shown", ", at least 460 not shown" */
function notShown({ more, capped }: FacetView): string {
  if (more === 0) return '';
  return `, ${capped ? 'at least ' : ''}${formatNumber(more)} not shown`;
}

/** What tells the transactions apart, with counts. A click on a value keeps only what has it, on the minus leaves it out. */
export function FacetPanel({ facets }: { facets: readonly FacetView[] }) {
  if (facets.length === 0) return <p className="text-muted">Nothing tells these transactions apart.</p>;
  return (
    <div className="flex flex-col gap-4">
      {facets.map((facet) => (
        <section key={facet.facet} aria-label={facet.label}>
          <h3 className="mb-1 text-label font-medium text-muted">{facet.label}</h3>
          <Values facet={facet.facet} values={facet.values.slice(0, seen)} />
          {facet.values.length > seen && (
            <details>
              <summary className="cursor-pointer py-1 text-label text-muted hover:text-text">
                {facet.values.length - seen} more{notShown(facet)}
              </summary>
              <Values facet={facet.facet} values={facet.values.slice(seen)} />
            </details>
          )}
        </section>
      ))}
    </div>
  );
}

function Values({ facet, values }: { facet: string; values: readonly FacetValue[] }) {
  const [search] = useSearchParams();
  return (
    <ul>
      {values.map((one) => (
        <li key={one.value} className="flex items-center rounded hover:bg-hover">
          <Link
            to={toggled(search, facet, one, 'only')}
            preventScrollReset
            title={one.about}
            aria-current={one.chosen === 'only' ? 'true' : undefined}
            className={clsx(
              'flex min-h-7 min-w-0 flex-1 items-center gap-1.5 px-1 max-sm:min-h-10',
              one.chosen === 'only' && 'font-medium text-accent',
              one.chosen === 'except' && 'text-muted line-through',
            )}
          >
            <span className="size-3.5 shrink-0">
              {one.chosen === 'only' && <Check aria-hidden className="size-3.5" />}
            </span>
            <span className="truncate">{one.label}</span>
            <span className="ml-auto pl-2 text-muted">
              {one.transactions === undefined ? (
                <span title="Not among the most frequent values, which alone are counted">not counted</span>
              ) : (
                formatNumber(one.transactions)
              )}
            </span>
          </Link>
          <Link
            to={toggled(search, facet, one, 'except')}
            preventScrollReset
            aria-label={one.chosen === 'except' ? `Let ${one.label} in again` : `Leave ${one.label} out`}
            title={one.chosen === 'except' ? 'Let in again' : 'Leave out'}
            className={clsx(
              'flex size-7 shrink-0 items-center justify-center rounded text-muted hover:text-bad max-sm:size-10',
              one.chosen === 'except' && 'text-bad',
            )}
          >
            <Minus aria-hidden className="size-3.5" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
