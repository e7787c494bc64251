import { Link, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Panel } from '#app/components/page.tsx';
import { StatusMark, type Condition } from '#app/components/status-mark.tsx';
import { formatDuration, formatNumber, formatRate } from '#app/format.ts';
import type { LinkView } from '#app/presenters/live-landscape.ts';
import { rangeSearch } from '#app/time-range.ts';
import { withRange } from './live-tiles.tsx';

const rowHeight = 46;

const strokes: Record<Condition, string> = {
  good: 'stroke-good',
  warn: 'stroke-warn',
  bad: 'stroke-bad',
  info: 'stroke-info',
  none: 'stroke-line-strong',
};

/** Channels → engine → ERP, warehouses, finance, with rate, latency and breaker state on each link. */
export function Landscape(props: { links: readonly LinkView[]; ordersPerMinute: number; windowWords: string }) {
  const { windowWords } = props;
  const [search] = useSearchParams();
  const [asTable, setAsTable] = useState(false);
  const links = props.links.map((link) => ({ ...link, to: withRange(link.to, rangeSearch(search)) }));
  return (
    <Panel
      title="Landscape"
      note={`rate and median time over ${windowWords}; state now`}
      flush
      actions={
        <Button look="quiet" className="max-sm:hidden" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Map' : 'Table'}
        </Button>
      }
    >
      {!asTable && <LandscapeMap links={links} ordersPerMinute={props.ordersPerMinute} />}
      <div className={clsx('overflow-x-auto', !asTable && 'sm:hidden')}>
        <LandscapeTable links={links} />
      </div>
    </Panel>
  );
}

function LandscapeMap({ links, ordersPerMinute }: { links: readonly LinkView[]; ordersPerMinute: number }) {
  const channels = links.filter((link) => link.side === 'channel');
  const systems = links.filter((link) => link.side === 'system');
  const height = Math.max(channels.length, systems.length) * rowHeight;
  return (
    <div className="grid grid-cols-[minmax(0,9.5rem)_1fr_5.5rem_1fr_minmax(0,10.5rem)] p-3 max-sm:hidden">
      <Nodes links={channels} height={height} />
      <Links links={channels} height={height} side="left" />
      <div
        className="flex flex-col items-center justify-center rounded border border-accent bg-accent-soft text-center"
        style={{ height }}
      >
        <span className="font-semibold">Engine</span>
        <span className="text-label text-muted">{formatRate(ordersPerMinute)} orders/min</span>
      </div>
      <Links links={systems} height={height} side="right" />
      <Nodes links={systems} height={height} />
    </div>
  );
}

const centre = (index: number, count: number, height: number): number => ((index + 0.5) * height) / count;

function Nodes({ links, height }: { links: readonly LinkView[]; height: number }) {
  return (
    <ul className="flex flex-col" style={{ height }}>
      {links.map((link) => (
        <li key={link.id} className="flex min-h-0 flex-1 items-center">
          <Link
            to={link.to}
            preventScrollReset
            className="flex w-full min-w-0 flex-col rounded border border-line bg-raised px-2 py-0.5 leading-4 hover:border-line-strong"
          >
            <span className="truncate text-[12px] font-medium">{link.name}</span>
            <StatusMark condition={link.condition} word={stateWords(link)} className="truncate text-label" />
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** State, with what waits because of it. */
const stateWords = (link: LinkView): string =>
  link.backlog > 0 && link.condition !== 'good' ? `${link.word}, ${formatNumber(link.backlog)} held` : link.word;

/** The lines are stretched to the width there is; their words are laid over them near the system. */
function Links({ links, height, side }: { links: readonly LinkView[]; height: number; side: 'left' | 'right' }) {
  return (
    <div className="relative" style={{ height }}>
      <svg aria-hidden viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" className="absolute inset-0 size-full">
        {links.map((link, index) => {
          const outer = centre(index, links.length, height);
          const inner = centre(index, links.length, height * 0.7) + height * 0.15;
          // Level where the words lie, then over to the engine.
          const path =
            side === 'left'
              ? `M0,${outer} H45 C75,${outer} 70,${inner} 100,${inner}`
              : `M0,${inner} C30,${inner} 25,${outer} 55,${outer} H100`;
          return (
            <path
              key={link.id}
              d={path}
              fill="none"
              className={strokes[link.condition]}
              strokeWidth={1 + Math.min(4, Math.log2(1 + link.ratePerMin))}
              strokeOpacity={link.count === 0 && link.condition === 'good' ? 0.35 : 0.8}
              strokeDasharray={link.condition === 'bad' ? '5 5' : undefined}
              vectorEffect="non-scaling-stroke"
            />
          );
        })}
      </svg>
      {links.map((link, index) => (
        <span
          key={link.id}
          className={clsx(
            'absolute -translate-y-1/2 rounded bg-raised px-1 text-label leading-4 whitespace-nowrap',
            side === 'left' ? 'left-2' : 'right-2',
            link.count === 0 ? 'text-muted' : 'text-text',
          )}
          style={{ top: centre(index, links.length, height) }}
        >
          {linkWords(link)}
        </span>
      ))}
    </div>
  );
}

const linkWords = (link: LinkView): string =>
  link.count === 0
    ? 'quiet'
    : `${formatRate(link.ratePerMin)}/min · ${link.p50 === null ? '–' : formatDuration(link.p50)}`;

function LandscapeTable({ links }: { links: readonly LinkView[] }) {
  const head = 'h-8 px-2 sm:px-2.5 text-label font-medium whitespace-nowrap text-muted';
  return (
    <table className="w-full" aria-label="Links between the engine and its systems">
      <thead>
        <tr className="border-b border-line">
          <th className={clsx(head, 'text-left')}>System</th>
          <th className={clsx(head, 'text-left')}>State</th>
          <th className={clsx(head, 'text-right')}>per min</th>
          <th className={clsx(head, 'text-right')}>p50</th>
          <th className={clsx(head, 'text-right max-sm:hidden')}>p95</th>
          <th className={clsx(head, 'text-right max-sm:hidden')}>Failed calls</th>
        </tr>
      </thead>
      <tbody>
        {links.map((link) => (
          <tr key={link.id} className="h-8 border-b border-line last:border-0">
            <td className="max-w-32 truncate px-2 sm:max-w-56 sm:px-2.5">
              <Link to={link.to} preventScrollReset className="hover:underline">
                {link.name}
              </Link>
            </td>
            <td className="px-2 sm:px-2.5">
              <StatusMark condition={link.condition} word={link.word} className="text-label" />
            </td>
            <td className="px-2 text-right sm:px-2.5">{formatRate(link.ratePerMin)}</td>
            <td className="px-2.5 text-right whitespace-nowrap">
              {link.p50 === null ? '–' : formatDuration(link.p50)}
            </td>
            <td className="px-2.5 text-right whitespace-nowrap max-sm:hidden">
              {link.p95 === null ? '–' : formatDuration(link.p95)}
            </td>
            <td className="px-2.5 text-right max-sm:hidden">{formatNumber(link.failures)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
