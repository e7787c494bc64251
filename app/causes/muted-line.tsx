import { Link, useLocation, useSearchParams } from '@remix-run/react';
import { StatusMark } from '#app/components/status-mark.tsx';
import { formatNumber } from '#app/format.ts';

interface MutedLineProps {
  muted: {
    choice: 'hide' | 'show' | 'only';
    /** Causes and cases that the other filters leave of what is muted. */
    causes: number;
    cases: number;
  };
}

const counted = (count: number, word: string) => `${formatNumber(count)} ${word}${count === 1 ? '' : 's'}`;

/** What of the muted is not in the list, or which part of it: what is shown and what is not are all there is. */
export function MutedLine({ muted: { choice, causes, cases } }: MutedLineProps) {
  const [search] = useSearchParams();
  const { pathname } = useLocation();
  if (choice === 'only' || cases === 0) return null;
  const to = (value: string) => {
    const next = new URLSearchParams(search);
    next.delete('page');
    next.set('muted', value);
    return `${pathname}?${next.toString()}`;
  };
  const link = 'text-accent hover:underline max-sm:py-1';
  const what = `${counted(causes, 'muted cause')}, ${counted(cases, 'case')}`;
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 text-muted">
      <StatusMark condition="none" word={choice === 'hide' ? `${what}: not shown` : `Of these: ${what}`} />
      <Link to={to(choice === 'hide' ? 'show' : 'hide')} className={link}>
        {choice === 'hide' ? 'Show them too' : 'Hide them'}
      </Link>
      <Link to={to('only')} className={link}>
        Show only these
      </Link>
    </p>
  );
}
