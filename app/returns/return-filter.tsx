import { Link } from '@remix-run/react';
import { formatNumber } from '#app/format.ts';
import type { ReturnsView } from '#app/presenters/returns.ts';
import { returnsAsked } from './paths.ts';

const choices = [
  ['', 'All', 'all'],
  ['open', 'Open', 'open'],
  ['stuck', 'Stuck', 'stuck'],
  ['case', 'In quarantine', 'stopped'],
] as const;

/** How many returns there are of each kind; each count leads to a list of just as many. */
export function ReturnFilter({ problem, counts }: Pick<ReturnsView, 'problem' | 'counts'>) {
  return (
    <nav aria-label="Which returns" className="flex flex-wrap gap-x-3 pr-2">
      {choices.map(([one, word, count]) => (
        <Link
          key={one}
          to={returnsAsked(one)}
          aria-current={one === problem ? 'page' : undefined}
          className={
            one === problem
              ? 'inline-flex min-h-6 items-center font-medium text-accent'
              : 'inline-flex min-h-6 items-center text-muted hover:text-text'
          }
        >
          {`${word} ${formatNumber(counts[count])}`}
        </Link>
      ))}
    </nav>
  );
}
