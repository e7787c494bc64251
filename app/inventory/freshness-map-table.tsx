import { Link } from '@remix-run/react';
import { clsx } from 'clsx';
import { StatusMark, type Condition } from '#app/components/status-mark.tsx';
import { formatNumber } from '#app/format.ts';
import type { FreshnessMap, FreshnessMapCell } from '#app/presenters/freshness-map.ts';

const grounds: Record<Condition, string> = {
  good: 'bg-good-soft',
  warn: 'bg-warn-soft',
  bad: 'bg-bad-soft',
  info: 'bg-info-soft',
  none: '',
};

function Cell({ cell, label }: { cell: FreshnessMapCell | undefined; label: string }) {
  if (cell === undefined) return <td className="border-b border-line px-2.5 text-center text-muted">–</td>;
  const { word, share } = cell;
  const counted = cell.stale > 0 ? cell.stale : cell.items;
  const what = cell.stale > 0 ? 'stale' : 'items';
  const of = formatNumber(cell.items);
  return (
    <td className="border-b border-line p-0.5">
      <Link
        to={cell.to}
        preventScrollReset
        aria-label={`${formatNumber(counted)} ${what}: ${label}: ${word} ${share} % of ${of}`}
        title={`${label}: ${word}, ${formatNumber(cell.stale)} of ${of} stale`}
        className={clsx(
          'flex h-8 items-center justify-between gap-2 rounded px-2 whitespace-nowrap hover:outline hover:outline-line-strong',
          grounds[cell.condition],
        )}
      >
        <StatusMark condition={cell.condition} word={word} className="text-label" />{' '}
        <span className="text-label">
          {share} %<span className="text-muted"> of {of}</span>
        </span>
      </Link>
    </td>
  );
}

/** Channel × location, in words and figures as well as colour, so that it is its own table. */
export function FreshnessMapTable({ map }: { map: FreshnessMap }) {
  const head =
    'sticky top-0 z-10 border-b border-line bg-raised px-2.5 py-1.5 text-left text-label font-medium text-muted';
  return (
    <div className="max-h-[460px] overflow-auto">
      <table aria-label="Freshness by location and channel" className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            <th className={clsx(head, 'sm:left-0 sm:z-20')}>Location</th>
            <th className={head}>All channels</th>
            {map.channels.map(({ id, name }) => (
              <th key={id} className={clsx(head, 'whitespace-nowrap')}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {map.rows.map((row) => (
            <tr key={row.location}>
              <th
                scope="row"
                className="border-b border-line bg-raised px-2.5 text-left font-normal whitespace-nowrap sm:sticky sm:left-0"
              >
                {row.name}
              </th>
              <Cell cell={row.all} label={`${row.name}, all channels`} />
              {row.cells.map((cell, index) => (
                <Cell
                  key={map.channels[index]?.id}
                  cell={cell}
                  label={`${row.name}, ${map.channels[index]?.name ?? ''}`}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
