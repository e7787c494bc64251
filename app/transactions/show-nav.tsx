import { Link, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import type { Show } from '#app/presenters/transactions.ts';

const words: readonly (readonly [Show, string])[] = [
  ['list', 'List'],
  ['latency', 'Latency'],
  ['common', 'In common'],
  ['funnel', 'Funnel'],
  ['compare', 'Compare'],
];

/** What is told of the transactions; the filters stay. */
export function ShowNav({ show }: { show: Show }) {
  const [search] = useSearchParams();
  const to = (id: Show) => {
    const next = new URLSearchParams(search);
    next.delete('page');
    if (id === 'list') next.delete('show');
    else next.set('show', id);
    if (id === 'compare' && !next.has('compare')) next.set('compare', 'before');
    return `?${next.toString()}`;
  };
  return (
    <nav aria-label="What is told of them" className="flex gap-4 overflow-x-auto border-b border-line">
      {words.map(([id, word]) => (
        <Link
          key={id}
          to={to(id)}
          prefetch="intent"
          preventScrollReset
          aria-current={id === show ? 'page' : undefined}
          className={clsx(
            '-mb-px flex h-9 items-center border-b-2 whitespace-nowrap hover:text-text',
            id === show ? 'border-accent font-medium text-text' : 'border-transparent text-muted',
          )}
        >
          {word}
        </Link>
      ))}
    </nav>
  );
}
