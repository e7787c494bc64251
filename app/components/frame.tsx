import { Link, useLocation, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { rememberPreference } from '#app/preferences.ts';
import { rangeSearch } from '#app/time-range.ts';
import { Hint } from './hint.tsx';
import { Logo } from './logo.tsx';
import { isIn, type Place } from './places.ts';

interface FrameProps {
  /** Where the viewer may go. */
  places: readonly Place[];
  collapsed: boolean;
  topBar: ReactNode;
  /** Counts shown at a place, by its path: open cases at Quarantine. */
  counts: Readonly<Record<string, number>>;
  /** What sticks to the lower edge of the page. */
  foot: ReactNode;
  children: ReactNode;
}

/** Rail at the left (icons only when collapsed, a bar at the bottom that scrolls on a phone), top bar, content. */
export function Frame({ places, collapsed: initial, topBar, counts, foot, children }: FrameProps) {
  const [collapsed, setCollapsed] = useState(initial);
  const rail = places.filter(({ aside }) => aside !== true);
  const toggle = () => {
    rememberPreference('rail', collapsed ? 'open' : 'collapsed');
    setCollapsed(!collapsed);
  };
  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="sr-only z-50 rounded bg-accent px-3 py-1 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <nav
        aria-label="Places"
        className={clsx(
          'sticky top-0 hidden h-dvh shrink-0 flex-col border-r border-line bg-surface sm:flex',
          collapsed ? 'w-13' : 'w-13 lg:w-48',
        )}
      >
        <div className="flex h-12 items-center gap-2 px-3.5">
          <Logo />
          <span className={clsx('text-lead font-semibold', collapsed ? 'hidden' : 'hidden lg:inline')}>Syncline</span>
        </div>
        <ul className="flex flex-1 flex-col gap-0.5 px-2 pt-1">
          {rail.map((place) => (
            <li key={place.path}>
              <RailLink place={place} collapsed={collapsed} count={counts[place.path]} />
            </li>
          ))}
        </ul>
        <button
          type="button"
          onClick={toggle}
          aria-label={collapsed ? 'Show the names of places' : 'Show icons only'}
          className="m-2 hidden h-8 items-center rounded px-2.5 text-muted hover:bg-hover hover:text-text lg:flex"
        >
          {collapsed ? (
            <PanelLeftOpen aria-hidden className="size-4" />
          ) : (
            <PanelLeftClose aria-hidden className="size-4" />
          )}
        </button>
      </nav>
      <div className="flex min-w-0 flex-1 flex-col pb-14 sm:pb-0">
        {topBar}
        <main id="content" tabIndex={-1} className="min-w-0 flex-1 outline-none">
          {children}
        </main>
        {foot}
      </div>
      <BottomBar places={rail} counts={counts} />
    </div>
  );
}

function useRangeSearch(): string {
  const [search] = useSearchParams();
  return rangeSearch(search);
}

/** Not a NavLink: its class name is a function, which a tooltip's trigger cannot hand on. */
function RailLink({ place, collapsed, count }: { place: Place; collapsed: boolean; count: number | undefined }) {
  const search = useRangeSearch();
  const { pathname } = useLocation();
  const active = isIn(place, pathname);
  const Icon = place.icon;
  return (
    <Hint text={place.label} side="right">
      <Link
        to={`${place.path}${search}`}
        prefetch="intent"
        aria-current={active ? 'page' : undefined}
        className={clsx(
          'relative flex h-8 items-center gap-2.5 rounded px-2.5 hover:bg-hover',
          active ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:text-text',
        )}
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        <span className={collapsed ? 'sr-only' : 'sr-only lg:not-sr-only'}>{place.label}</span>
        {count !== undefined && count > 0 && (
          <span className={clsx('ml-auto text-label', collapsed ? 'sr-only' : 'sr-only lg:not-sr-only')}>{count}</span>
        )}
      </Link>
    </Hint>
  );
}

function BottomBar({ places, counts }: Pick<FrameProps, 'places' | 'counts'>) {
  const search = useRangeSearch();
  const { pathname } = useLocation();
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const here = bar.current?.querySelector('[aria-current]');
    here?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <nav
      ref={bar}
      aria-label="Places"
      className="fixed inset-x-0 bottom-0 z-30 flex overflow-x-auto border-t border-line bg-raised pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {places.map((place) => {
        const { path, label, icon: Icon } = place;
        const active = isIn(place, pathname);
        return (
          <Link
            key={path}
            to={`${path}${search}`}
            aria-current={active ? 'page' : undefined}
            className={clsx(
              'flex h-14 min-w-15 flex-1 flex-col items-center justify-center gap-0.5 text-label',
              active ? 'text-accent' : 'text-muted',
            )}
          >
            <span className="relative">
              <Icon aria-hidden className="size-5" />
              {(counts[path] ?? 0) > 0 && (
                <span className="absolute -top-1.5 left-3.5 rounded-full bg-raised px-1 text-label font-medium tabular-nums">
                  <span className="sr-only">{label}: </span>
                  {counts[path]}
                </span>
              )}
            </span>
            <span className="max-w-full truncate">{label}</span>
          </Link>
        );
      })}
    </nav>
  );
}
