import { Link, useSearchParams } from '@remix-run/react';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { formatNumber } from '#app/format.ts';
import { pageSize, withParam } from '#app/lists/address.ts';
import { buttonClass } from './button.tsx';

/** Which rows of how many, and the way to the others. */
export function ListPager({ page, count, what }: { page: number; count: number; what: string }) {
  const [search] = useSearchParams();
  const first = Math.min((page - 1) * pageSize + 1, count);
  const last = Math.min(page * pageSize, count);
  const step = (to: number, label: string, able: boolean, Icon: typeof ChevronLeft) =>
    able ? (
      <Link to={withParam(search, 'page', to === 1 ? null : String(to))} aria-label={label} className={buttonClass('secondary', 'px-2')}>
        <Icon aria-hidden className="size-4" />
      </Link>
    ) : (
      <span aria-hidden className={buttonClass('secondary', 'px-2 opacity-40')}>
        <Icon className="size-4" />
      </span>
    );
  return (
    <nav aria-label="Pages" className="flex items-center gap-2 text-muted">
      <span className="mr-auto">
        {count === 0 ? `No ${what}` : `${formatNumber(first)}–${formatNumber(last)} of ${formatNumber(count)} ${what}`}
      </span>
      <span className="text-label max-md:hidden">J and K move, Enter opens</span>
      {step(page - 1, 'Previous page', page > 1, ChevronLeft)}
      {step(page + 1, 'Next page', last < count, ChevronRight)}
    </nav>
  );
}
