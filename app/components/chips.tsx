import { Link, useLocation, useSearchParams } from '@remix-run/react';
import { X } from 'lucide-react';

export interface Chip {
  /** Parameter in the URL that this chip stands for. */
  name: string;
  value: string;
  /** "Channel: Web US" */
  label: string;
}

/** The address without one filter; a list starts again at its first page. */
export function withoutFilter(search: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(search);
  const kept = next.getAll(name).filter((one) => one !== value);
  next.delete(name);
  for (const one of kept) next.append(name, one);
  next.delete('page');
  return next;
}

/** The filters in force, each removed by a click. */
export function Chips({ chips }: { chips: readonly Chip[] }) {
  const [search] = useSearchParams();
  const { pathname } = useLocation();
  if (chips.length === 0) return null;
  return (
    <ul aria-label="Filters in force" className="flex flex-wrap gap-1.5">
      {chips.map(({ name, value, label }) => (
        <li key={`${name}=${value}`}>
          <Link
            to={`${pathname}?${withoutFilter(search, name, value).toString()}`}
            aria-label={`Remove the filter ${label}`}
            className="inline-flex h-7 items-center gap-1 rounded border border-line-strong bg-raised pr-1.5 pl-2 hover:bg-hover"
          >
            {label}
            <X aria-hidden className="size-3.5 text-muted" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
