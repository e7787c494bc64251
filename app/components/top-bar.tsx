import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Simulation } from '#app/presenters/simulation.ts';
import { Logo } from './logo.tsx';

interface TopBarProps {
  estate: { name: string; simulation: Simulation };
  /** Age of the figures. */
  age: ReactNode;
  timeRange: ReactNode;
  userMenu: ReactNode;
  onSearch: () => void;
}

/** Time range, search, age of the figures, estate, user. One height always, so that content never shifts. */
export function TopBar({ estate, age, timeRange, userMenu, onSearch }: TopBarProps) {
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-2 border-b border-line bg-surface px-3 sm:gap-3 sm:px-4">
      <span className="sm:hidden">
        <Logo />
      </span>
      {timeRange}
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts="Control+K"
        className="flex h-8 items-center gap-2 rounded border border-line bg-raised px-2 text-muted hover:border-line-strong md:w-64"
      >
        <Search aria-hidden className="size-4" />
        <span className="sr-only">Search</span>
        <span className="hidden flex-1 truncate text-left md:inline">Order, SKU, document…</span>
        <kbd className="hidden rounded border border-line px-1 text-label md:inline">Ctrl K</kbd>
      </button>
      <span className="ml-auto text-label">{age}</span>
      {estate.simulation !== 'none' && (
        <span className="rounded border border-warn/50 bg-warn-soft px-1.5 py-0.5 text-label whitespace-nowrap text-warn">
          <span className="hidden md:inline">{estate.name}, </span>
          {estate.simulation === 'data' && <span className="max-sm:sr-only">some data </span>}simulated
        </span>
      )}
      {userMenu}
    </header>
  );
}
