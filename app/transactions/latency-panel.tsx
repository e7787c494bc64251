import { Link, useSearchParams } from '@remix-run/react';
import { ChartFrame } from '#app/components/chart-frame.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { Duration, RelativeTime } from '#app/components/values.tsx';
import { formatDuration, formatNumber } from '#app/format.ts';
import type { TransactionsView } from '#app/presenters/transactions.ts';
import { BarLegend, BrushBars, type BrushMark } from './brush-bars.tsx';
import { MeasureMenu } from './measure-menu.tsx';
import { spanText } from './paths.ts';

type Latency = TransactionsView['latency'];

const endOf = (below: number | undefined) => (below === undefined ? 'or longer' : `to ${formatDuration(below)}`);

/** Where percentiles lie over the bars, which are as wide as each other though their spans grow. */
function marksOf({ bars, percentiles }: Latency): BrushMark[] {
  return Object.entries(percentiles).flatMap(([name, value]) => {
    const index = bars.findIndex(({ least, below }) => value !== null && value >= least && value < (below ?? Infinity));
    const bar = bars[index];
    if (value === null || bar === undefined) return [];
    const inside = bar.below === undefined ? 0 : (value - bar.least) / (bar.below - bar.least);
    return [{ name: `${name} ${formatDuration(value)}`, at: (index + inside) / bars.length }];
  });
}

/** How long the transactions took, and beside it what still waits. */
export function LatencyPanel({ latency, many }: { latency: Latency; many: string }) {
  const [search] = useSearchParams();
  const { bars, span } = latency;
  const measure = latency.measures.find(({ id }) => id === latency.measure);
  const every = Math.ceil(bars.length / 8);
  const chosen = (least: number) => span !== undefined && least >= span.least && least < span.below;
  return (
    <div className="flex flex-col gap-3">
      <MeasureMenu latency={latency} />
      <Waiting latency={latency} many={many} />
      {bars.length === 0 ? (
        <StateNotice kind="empty" title="Nothing has this latency">
          None of these {many} has come so far. Choose a longer time or another latency.
        </StateNotice>
      ) : (
        <ChartFrame
          title={measure?.word ?? 'Latency'}
          note={`${measure?.about ?? ''}; ${formatNumber(latency.measured)} ${many}, logarithmic`}
          legend={<BarLegend />}
          heads={['All', 'In trouble']}
          timeWords={(least) => {
            const bar = bars.find((one) => String(one.least) === least);
            return `${formatDuration(Number(least))} ${endOf(bar?.below)}`;
          }}
          rows={() =>
            bars.map(({ least, well, troubled }) => ({
              at: String(least),
              cells: [formatNumber(well + troubled), formatNumber(troubled)],
            }))
          }
        >
          <BrushBars
            label={`${measure?.word ?? ''}: ${many} by latency`}
            bars={bars.map(({ least, below, well, troubled, path }, index) => ({
              id: String(least),
              name: `${formatDuration(least)} ${endOf(below)}`,
              tick: index % every === 0 ? formatDuration(least) : '',
              well,
              troubled,
              chosen: chosen(least),
              path,
            }))}
            marks={marksOf(latency)}
            span={(first, last) => {
              const next = new URLSearchParams(search);
              next.delete('page');
              next.set('latency', spanText(bars[first]?.least ?? 0, bars[last]?.below));
              return `?${next.toString()}`;
            }}
          />
        </ChartFrame>
      )}
    </div>
  );
}

/** Percentiles, and what they leave out because it has not come yet. */
function Waiting({ latency, many }: { latency: Latency; many: string }) {
  const { percentiles, waiting, overdue } = latency;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1">
      {Object.entries(percentiles).map(([name, value]) => (
        <span key={name}>
          <span className="text-muted">{name}</span>{' '}
          {value === null ? '–' : <Duration ms={value} className="font-medium" />}
        </span>
      ))}
      {latency.slowPath !== '' && (
        <Link to={latency.slowPath} className="inline-block min-h-6 text-accent underline">
          slower than p95
        </Link>
      )}
      {waiting === 0 ? (
        <span className="text-muted">none still waits</span>
      ) : (
        <span>
          <Link to={latency.waitingPath} className="text-accent underline">
            {formatNumber(waiting)} {many} still wait
          </Link>
          <span className="text-muted">
            , the oldest since <RelativeTime at={latency.oldest} />
            {overdue > 0 && <span className="text-bad">, {formatNumber(overdue)} past their deadline</span>}
          </span>
        </span>
      )}
    </p>
  );
}
