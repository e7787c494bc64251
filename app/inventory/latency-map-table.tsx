import { Link } from '@remix-run/react';
import { clsx } from 'clsx';
import { useClock } from '#app/components/clock.tsx';
import type { Condition } from '#app/components/status-mark.tsx';
import { formatClock, formatDuration, formatInstant, formatNumber } from '#app/format.ts';
import type { LatencyMap } from '#app/presenters/latency-map.ts';

/** Taller is slower: the state is in the height and the words, not in the colour alone. */
const bars: Record<Condition, string> = {
  good: 'h-2 bg-good',
  warn: 'h-4 bg-warn',
  bad: 'h-6 bg-bad',
  info: '',
  none: '',
};
const stands: Record<Condition, string> = {
  good: 'within target',
  warn: 'over target',
  bad: 'over four times the target',
  info: '',
  none: '',
};

/** Location × time: how long publications took, the slowest places first. `figures` writes the values out. */
export function LatencyMapTable({ map, figures }: { map: LatencyMap; figures: boolean }) {
  const { timeZone } = useClock();
  const every = figures ? 1 : Math.max(1, Math.ceil(map.starts.length / 8));
  const head = 'sticky top-0 z-10 border-b border-line bg-raised py-1.5 text-left text-label font-medium text-muted';
  return (
    <div className="max-h-[460px] overflow-auto">
      <table
        aria-label="Publication latency by location and time, p95"
        className={clsx('w-full border-separate border-spacing-0', !figures && 'table-fixed')}
        style={figures ? undefined : { minWidth: map.starts.length * 24 + 240 }}
      >
        <thead>
          <tr>
            <th className={clsx(head, 'left-0 z-20 px-2.5', !figures && 'w-60 max-sm:w-40')}>Location</th>
            {map.starts.map((at, index) => (
              <th key={at} className={clsx(head, figures ? 'px-2.5 text-right' : 'overflow-visible whitespace-nowrap')}>
                {index % every === 0 && formatClock(at, timeZone)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {map.rows.map((row) => (
            <tr key={row.location}>
              <th
                scope="row"
                className="sticky left-0 truncate border-b border-line bg-raised px-2.5 text-left font-normal whitespace-nowrap"
              >
                {row.name}
              </th>
              {row.cells.map((cell, index) => (
                <td
                  key={map.starts[index]}
                  className={clsx('h-8 border-b border-line', figures && 'px-2.5 text-right')}
                >
                  {cell && (
                    <Link
                      to={cell.to}
                      aria-label={`${formatNumber(cell.publications)} publications: ${row.name}, p95 ${formatDuration(cell.p95)}, ${stands[cell.condition]}`}
                      title={`${row.name}, ${formatInstant(cell.at, timeZone)}: p95 ${formatDuration(cell.p95)} of ${formatNumber(cell.publications)}, ${stands[cell.condition]}`}
                      className={figures ? 'hover:underline' : 'flex h-8 items-end px-px hover:bg-hover'}
                    >
                      {figures ? (
                        formatDuration(cell.p95)
                      ) : (
                        <span aria-hidden className={clsx('w-full rounded-t-[2px]', bars[cell.condition])} />
                      )}
                    </Link>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
