import { useNavigate, useSearchParams } from '@remix-run/react';
import { useState } from 'react';
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatClock, formatInstant } from '#app/format.ts';
import { ChartFrame } from './chart-frame.tsx';
import { useClock } from './clock.tsx';
import { SeriesTip } from './series-tip.tsx';

export interface SeriesPoint {
  at: string;
  value: number | null;
  open: boolean;
}

export interface Series {
  id: string;
  name: string;
  /** A role token: "accent", "muted", "category-2". */
  colour: string;
  dash?: string;
  points: readonly SeriesPoint[];
}

/** A time [from, to) that something lasted, RFC 3339. */
export interface Span {
  name: string;
  from: string;
  to: string;
  /** A role token: "bad", "warn". */
  colour: string;
}

export interface TimeSeriesProps {
  title: string;
  note: string;
  kind: 'lines' | 'bars';
  series: readonly Series[];
  bucketSeconds: number;
  format: (value: number) => string;
  /** Marks of the value axis from zero up to at least the largest value; default: what the chart library chooses. */
  ticks?: (most: number) => number[];
  target?: { value: number; name: string };
  /** Times that are marked behind the figures. */
  spans?: readonly Span[];
  /** Where the transactions behind a bucket [from, to) can be seen. */
  drill: (from: string, to: string) => string;
}

type Row = { at: number; open: boolean } & Record<string, number | boolean | null>;

/** One row per bucket; the bucket that still runs is drawn apart, dotted, from the last whole one. */
function toRows(series: readonly Series[]): Row[] {
  const starts = series[0]?.points ?? [];
  return starts.map((point, index) => {
    const row: Row = { at: Date.parse(point.at), open: point.open };
    for (const { id, points } of series) {
      const value = points[index]?.value ?? null;
      row[id] = point.open ? null : value;
      row[`${id}:open`] = point.open || starts[index + 1]?.open ? value : null;
    }
    return row;
  });
}

/** First and last bucket that a span touches; undefined where it touches none of the chart. */
function bucketsOf({ from, to }: Span, rows: readonly Row[], bucketMs: number): { x1: number; x2: number } | undefined {
  const touched = rows.filter(({ at }) => at + bucketMs > Date.parse(from) && at < Date.parse(to));
  const [first, last] = [touched[0], touched.at(-1)];
  return first && last && { x1: first.at, x2: last.at };
}

/**
 * A chart over time: from zero, gaps left open, the unfinished bucket dotted, target dashed. A click leads to the
 * transactions of a bucket, dragging chooses a time range for the whole page.
 */
export function TimeSeries(props: TimeSeriesProps) {
  const { series, format, target } = props;
  const { timeZone } = useClock();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [drag, setDrag] = useState<{ from: number; to: number } | undefined>(undefined);
  const rows = toRows(series);
  const bucketMs = props.bucketSeconds * 1_000;
  const long = rows.length > 1 && (rows.at(-1)?.at ?? 0) - (rows[0]?.at ?? 0) > 36 * 3_600_000;
  const tick = (at: number) =>
    long ? formatInstant(at, timeZone).replace(/ \d{4},.*$/, '') : formatClock(at, timeZone);
  const axis = { stroke: 'var(--line-strong)', tick: { fill: 'var(--muted)', fontSize: 11 }, tickLine: false } as const;
  const most = Math.max(...series.flatMap(({ points }) => points.map(({ value }) => value ?? 0)), 0);
  const showTarget = target !== undefined && target.value <= most * 4;

  const ticks = props.ticks?.(showTarget ? Math.max(most, target.value) : most);
  const valueAxis =
    ticks === undefined
      ? { domain: [0, 'auto'] as [number, 'auto'], tickCount: 5, allowDecimals: most < 4 }
      : { domain: [0, ticks.at(-1) ?? 1] as [number, number], ticks };

  const release = () => {
    if (!drag) return;
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to) + bucketMs];
    setDrag(undefined);
    const [fromAt, toAt] = [new Date(from).toISOString(), new Date(to).toISOString()];
    if (drag.from === drag.to) {
      navigate(props.drill(fromAt, toAt));
      return;
    }
    const next = new URLSearchParams(search);
    next.set('range', 'custom');
    next.set('from', fromAt);
    next.set('to', toAt);
    navigate(`?${next.toString()}`, { preventScrollReset: true });
  };
  const labelOf = (state: { activeLabel?: string | number | undefined }) => Number(state.activeLabel);

  return (
    <ChartFrame
      title={props.title}
      note={showTarget || !target ? props.note : `${props.note}; target ${format(target.value)}`}
      legend={
        series.length > 1 && (
          <ul className="flex flex-wrap gap-x-3 text-label text-muted">
            {series.map(({ id, name, colour }) => (
              <li key={id} className="flex items-center gap-1.5">
                <span aria-hidden className="h-0.5 w-3" style={{ background: `var(--${colour})` }} />
                {name}
              </li>
            ))}
          </ul>
        )
      }
      heads={series.map(({ name }) => name)}
      timeWords={(at) => formatInstant(at, timeZone)}
      rows={() =>
        (series[0]?.points ?? []).map((point, index) => ({
          at: point.at,
          cells: series.map(({ points }) => {
            const value = points[index]?.value;
            return value == null ? '–' : `${format(value)}${point.open ? ' so far' : ''}`;
          }),
        }))
      }
    >
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={rows}
          margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
          onMouseDown={(state) => {
            const at = labelOf(state);
            if (Number.isFinite(at)) setDrag({ from: at, to: at });
          }}
          onMouseMove={(state) => {
            const at = labelOf(state);
            if (drag && Number.isFinite(at)) setDrag({ ...drag, to: at });
          }}
          onMouseUp={release}
          onMouseLeave={() => setDrag(undefined)}
          style={{ cursor: 'crosshair', userSelect: 'none' }}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            {...axis}
            tickFormatter={tick}
            minTickGap={48}
            {...(props.kind === 'lines' ? { type: 'number', scale: 'time', domain: ['dataMin', 'dataMax'] } : {})}
          />
          <YAxis {...axis} axisLine={false} width={68} tickFormatter={format} {...valueAxis} />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--line-strong)', fill: 'var(--hover)' }}
            content={(tip) => (
              <SeriesTip
                at={Number(tip.label)}
                series={series}
                format={format}
                timeZone={timeZone}
                bucketSeconds={props.bucketSeconds}
              />
            )}
          />
          {props.spans?.map((span) => {
            const buckets = bucketsOf(span, rows, bucketMs);
            return (
              buckets && (
                <ReferenceArea
                  key={span.name}
                  {...buckets}
                  fill={`var(--${span.colour})`}
                  fillOpacity={0.1}
                  stroke={`var(--${span.colour})`}
                  strokeOpacity={0.4}
                  label={{ value: span.name, position: 'insideTopLeft', fill: 'var(--muted)', fontSize: 11 }}
                />
              )
            );
          })}
          {showTarget && (
            <ReferenceLine
              y={target.value}
              stroke="var(--warn)"
              strokeDasharray="5 4"
              label={{ value: target.name, position: 'insideTopRight', fill: 'var(--warn)', fontSize: 11 }}
            />
          )}
          {drag && drag.from !== drag.to && (
            <ReferenceArea x1={drag.from} x2={drag.to} fill="var(--accent)" fillOpacity={0.12} />
          )}
          {series.map(({ id, name, colour, dash }) => {
            const stroke = `var(--${colour})`;
            const common = { key: id, dataKey: id, name, isAnimationActive: false } as const;
            return props.kind === 'lines' ? (
              <Line
                {...common}
                key={id}
                type="linear"
                stroke={stroke}
                strokeWidth={1.5}
                dot={rows.length < 4}
                {...(dash ? { strokeDasharray: dash } : {})}
              />
            ) : (
              <Bar {...common} key={id} fill={stroke} stackId="whole" maxBarSize={18} />
            );
          })}
          {series.map(({ id, colour }) => {
            const stroke = `var(--${colour})`;
            const common = { dataKey: `${id}:open`, isAnimationActive: false, legendType: 'none' } as const;
            return props.kind === 'lines' ? (
              <Line
                {...common}
                key={`${id}:open`}
                type="linear"
                stroke={stroke}
                strokeWidth={1.5}
                strokeDasharray="1 4"
                strokeLinecap="round"
                dot={false}
              />
            ) : (
              <Bar
                {...common}
                key={`${id}:open`}
                dataKey={(row: Row) => (row.open ? row[`${id}:open`] : null) as number | null}
                stackId="whole"
                fill="transparent"
                stroke={stroke}
                strokeDasharray="2 2"
                maxBarSize={18}
              />
            );
          })}
        </ComposedChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}
