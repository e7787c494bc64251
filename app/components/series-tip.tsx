import { formatClock, formatInstant } from '#app/format.ts';
import type { Series } from './time-series.tsx';

/** Exact values of one bucket, and what a click does. */
export function SeriesTip(props: {
  at: number;
  series: readonly Series[];
  format: (value: number) => string;
  timeZone: string;
  bucketSeconds: number;
}) {
  const { at, series, timeZone } = props;
  const index = series[0]?.points.findIndex((point) => Date.parse(point.at) === at) ?? -1;
  if (index < 0) return null;
  const open = series[0]?.points[index]?.open === true;
  return (
    <div className="rounded border border-line-strong bg-raised px-2.5 py-1.5 text-label">
      <p className="font-medium">
        {formatInstant(at, timeZone)} to {formatClock(at + props.bucketSeconds * 1_000, timeZone, true)}
        {open && ' (still running)'}
      </p>
      <dl className="grid grid-cols-[auto_auto] gap-x-4">
        {series.map(({ id, name, colour, points }) => (
          <div key={id} className="contents">
            <dt className="flex items-center gap-1.5 text-muted">
              <span aria-hidden className="h-0.5 w-3" style={{ background: `var(--${colour})` }} />
              {name}
            </dt>
            <dd className="text-right">{points[index]?.value == null ? 'none' : props.format(points[index].value)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-0.5 text-muted">Click for the list, drag for a time range</p>
    </div>
  );
}
