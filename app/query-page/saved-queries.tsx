import { Link, useFetcher, useSearchParams } from '@remix-run/react';
import { Trash2 } from 'lucide-react';
import { Notice } from '#app/components/state-notice.tsx';
import { formatInstant } from '#app/format.ts';
import { useClock } from '#app/components/clock.tsx';
import type { SavedResult } from '#app/routes/query.saved.ts';
import type { OfferedQuery } from '#app/sql/saved-query.ts';
import { queryPath } from './paths.ts';

/** One's own saved queries and those that others share. */
export function SavedQueries({ saved, chosen }: { saved: readonly OfferedQuery[]; chosen: string | undefined }) {
  if (saved.length === 0)
    return <p className="text-muted">None yet. Write a query, then save it under a name, for you or for everybody.</p>;
  return (
    <ul className="flex flex-col">
      {saved.map((query) => (
        <SavedRow key={query.id} query={query} current={query.id === chosen} />
      ))}
    </ul>
  );
}

function SavedRow({ query, current }: { query: OfferedQuery; current: boolean }) {
  const remove = useFetcher<SavedResult>();
  const [search] = useSearchParams();
  const { timeZone } = useClock();
  if (remove.state !== 'idle' || remove.data?.ok === true) return null;
  const whose = query.mine ? (query.shared ? 'yours, shared' : 'yours') : `by ${query.ownerName}`;
  return (
    <li className="rounded hover:bg-hover">
      <div className="flex items-center gap-1">
        <Link
          to={queryPath(search, { saved: query.id })}
          aria-current={current ? 'true' : undefined}
          className="min-w-0 flex-1 px-2 py-1 max-sm:py-2"
        >
          <span className={current ? 'block font-medium break-words text-accent' : 'block break-words'}>
            {query.name}
          </span>
          <span className="block text-label text-muted">
            {whose}, {formatInstant(query.savedAt, timeZone)}
          </span>
        </Link>
        {query.mayRemove && (
          <button
            type="button"
            aria-label={`Delete the query ${query.name}`}
            onClick={() =>
              remove.submit({ intent: 'remove', id: query.id }, { method: 'post', action: '/query/saved' })
            }
            className="rounded p-1.5 text-muted hover:text-bad"
          >
            <Trash2 aria-hidden className="size-4" />
          </button>
        )}
      </div>
      {remove.data?.ok === false && <Notice kind="bad">{remove.data.message}</Notice>}
    </li>
  );
}
