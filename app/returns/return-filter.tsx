import { Link } from '@remix-run/react';
import type { returnProblems } from '#app/queries/returns.ts';

const words: Record<(typeof returnProblems)[number] | '', string> = {
  '': 'All',
  open: 'Open',
  stuck: 'Stuck',
  case: 'In quarantine',
};

/** Which returns are listed; the address tells. */
export function ReturnFilter({ problem }: { problem: keyof typeof words }) {
  return (
    <nav aria-label="Which returns" className="flex gap-3">
      {(['', 'open', 'stuck', 'case'] as const).map((one) => (
        <Link
          key={one}
          to={one === '' ? '/returns' : `/returns?problem=${one}`}
          aria-current={one === problem ? 'page' : undefined}
          className={one === problem ? 'font-medium text-accent' : 'text-muted hover:text-text'}
        >
          {words[one]}
        </Link>
      ))}
    </nav>
  );
}
