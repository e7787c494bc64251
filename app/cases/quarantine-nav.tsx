import { Link, useLocation } from '@remix-run/react';
import { clsx } from 'clsx';
import { repairsPath } from '#app/repairs/paths.ts';
import { rulesPath, shadowsPath } from '#app/rules/paths.ts';

const places = [
  ['/quarantine', 'Inbox'],
  [repairsPath, 'Repairs'],
  [rulesPath, 'Rules'],
  [shadowsPath, 'Shadow replay'],
] as const;

/** The parts of Quarantine: what waits, what is cured together, what by itself, and what would change. */
export function QuarantineNav() {
  const { pathname } = useLocation();
  const isHere = (path: string) => (path === '/quarantine' ? pathname === path : pathname.startsWith(path));
  return (
    <nav aria-label="Quarantine" className="flex gap-4 overflow-x-auto border-b border-line">
      {places.map(([path, word]) => (
        <Link
          key={path}
          to={path}
          prefetch="intent"
          aria-current={isHere(path) ? 'page' : undefined}
          className={clsx(
            '-mb-px flex h-9 items-center border-b-2 whitespace-nowrap hover:text-text',
            isHere(path) ? 'border-accent font-medium text-text' : 'border-transparent text-muted',
          )}
        >
          {word}
        </Link>
      ))}
    </nav>
  );
}
