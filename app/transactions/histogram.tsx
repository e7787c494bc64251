import { useSearchParams } from '@remix-run/react';
import { ChartFrame } from '#app/components/chart-frame.tsx';
import { useClock } from '#app/components/clock.tsx';
import { formatClock, formatDuration, formatInstant, formatNumber } from '#app/format.ts';
import type { TransactionsView } from '#app/presenters/transactions.ts';
import { BarLegend, BrushBars } from './brush-bars.tsx';

const labels = 6;

/** The transactions over their own time. */
export function Histogram({ bars, many }: { bars: TransactionsView['bars']; many: string }) {
  const { timeZone } = useClock();
  const [search] = useSearchParams();
  const every = Math.ceil(bars.length / labels);
  const [first, last] = [bars[0], bars.at(-1)];
  const long = first && last ? Date.parse(last.to) - Date.parse(first.from) > 36 * 3_600_000 : false;
  const tick = (at: string) =>
    long ? formatInstant(at, timeZone).replace(/ \d{4},.*$/, '') : formatClock(at, timeZone);
  // A first bucket that is cut by the window begins at no round time.
  const begun = first?.open === true && every > 1 ? 1 : 0;
  const whole = bars.find(({ open }) => !open) ?? first;
  const bucket = whole ? formatDuration(Date.parse(whole.to) - Date.parse(whole.from)) : '';
  return (
    <ChartFrame
      title={`${many.charAt(0).toUpperCase()}${many.slice(1)} over time`}
      note={`by when they happened, per ${bucket}`}
      legend={<BarLegend />}
      heads={['All', 'In trouble']}
      timeWords={(at) => formatInstant(at, timeZone)}
      rows={() =>
        bars.map(({ from, well, troubled }) => ({
          at: from,
          cells: [formatNumber(well + troubled), formatNumber(troubled)],
        }))
      }
    >
      <BrushBars
        label={`${many} over time`}
        bars={bars.map(({ from, to, well, troubled, open, path }, index) => ({
          id: from,
          name: `${formatInstant(from, timeZone)} to ${formatClock(to, timeZone, true)}`,
          tick: index % every === begun ? tick(from) : '',
          well,
          troubled,
          open,
          path,
        }))}
        span={(from, to) => {
          const next = new URLSearchParams(search);
          next.delete('page');
          next.set('range', 'custom');
          next.set('from', bars[from]?.from ?? '');
          next.set('to', bars[to]?.to ?? '');
          return `?${next.toString()}`;
        }}
      />
    </ChartFrame>
  );
}
