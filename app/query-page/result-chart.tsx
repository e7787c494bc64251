import { useMemo } from 'react';
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useClock } from '#app/components/clock.tsx';
import { Segmented } from '#app/components/segmented.tsx';
import { Select } from '#app/components/field.tsx';
import { formatInstant, formatNumber } from '#app/format.ts';
import type { QueryResult } from '#app/sql/progress.ts';
import { kindOf } from './cells.ts';
import { chartData, type ChartChoice } from './chart-data.ts';

const axis = { stroke: 'var(--line-strong)', tick: { fill: 'var(--muted)', fontSize: 11 }, tickLine: false } as const;
const figure = (value: number) => (Math.abs(value) < 100 ? String(Number(value.toPrecision(6))) : formatNumber(value));

/** Lines are told apart without colour too. */
const dashOf = (index: number): string => (index === 0 ? '' : `${8 - index} ${index + 1}`);

interface ResultChartProps {
  result: QueryResult;
  choice: ChartChoice;
  onChoose: (choice: ChartChoice) => void;
}

/** A result as lines or bars. The same figures are its table. */
export function ResultChart({ result, choice, onChoose }: ResultChartProps) {
  const { timeZone } = useClock();
  const data = useMemo(() => chartData(result, choice), [result, choice]);
  const words = (x: unknown) => (data.xKind === 'time' ? formatInstant(String(x), timeZone) : String(x));
  const tick = (x: unknown) =>
    data.xKind === 'time'
      ? words(x)
          .replace(/ \d{4}, /, ' ')
          .replace(/:\d\d$/, '')
      : words(x);
  return (
    <div className="flex flex-col gap-3 p-3">
      <ChartControls result={result} choice={choice} onChoose={onChoose} />
      <div
        className="h-72"
        role="img"
        aria-label={`${data.series.join(', ')} by ${result.columns[choice.x]?.name ?? ''}`}
      >
        <ResponsiveContainer width="100%" height="100%">
          <ComposedChart data={data.points} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis dataKey="x" {...axis} tickFormatter={tick} minTickGap={32} />
            <YAxis {...axis} axisLine={false} width={68} tickFormatter={figure} domain={[0, 'auto']} />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--line-strong)', fill: 'var(--hover)' }}
              content={({ label, payload }) => (
                <div className="rounded border border-line-strong bg-raised px-2.5 py-1.5 text-label">
                  <p className="font-medium">{words(label)}</p>
                  {payload.map(({ dataKey, name, value }) => (
                    <p key={String(dataKey)} className="flex justify-between gap-4">
                      <span className="text-muted">{name}</span> {value == null ? 'none' : figure(Number(value))}
                    </p>
                  ))}
                </div>
              )}
            />
            {data.series.map((name, index) => {
              const common = { dataKey: `s${index}`, name, isAnimationActive: false } as const;
              const colour = `var(--category-${index + 1})`;
              return choice.kind === 'lines' ? (
                <Line
                  key={name}
                  {...common}
                  stroke={colour}
                  strokeWidth={1.5}
                  strokeDasharray={dashOf(index)}
                  dot={data.points.length < 4}
                />
              ) : (
                <Bar key={name} {...common} fill={colour} maxBarSize={32} />
              );
            })}
          </ComposedChart>
        </ResponsiveContainer>
      </div>
      <ul className="flex flex-wrap gap-x-3 gap-y-1 text-label text-muted">
        {data.series.map((name, index) => (
          <li key={name} className="flex items-center gap-1.5">
            <svg aria-hidden viewBox="0 0 24 4" className="h-1 w-6">
              <line
                x2="24"
                y1="2"
                y2="2"
                stroke={`var(--category-${index + 1})`}
                strokeWidth={choice.kind === 'lines' ? 2 : 4}
                strokeDasharray={choice.kind === 'lines' ? dashOf(index) : ''}
              />
            </svg>
            {name || '(empty)'}
          </li>
        ))}
        {data.left !== '' && <li>{data.left}</li>}
      </ul>
    </div>
  );
}

function ChartControls({ result, choice, onChoose }: ResultChartProps) {
  const options = result.columns.map(({ name }, index) => ({ value: String(index), label: name }));
  const numbers = options.filter((_, index) => {
    const column = result.columns[index];
    return column !== undefined && kindOf(column) === 'number';
  });
  const texts = options.filter((option) => !numbers.includes(option));
  const pick = (value: string): number | undefined => (value === '' ? undefined : Number(value));
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Segmented
        name="chart-kind"
        label="Kind of chart"
        choices={[
          ['lines', 'Lines'],
          ['bars', 'Bars'],
        ]}
        value={choice.kind}
        onChange={(kind) => onChoose({ ...choice, kind })}
      />
      <Select
        label="Across"
        className="w-44"
        empty="choose"
        options={options}
        value={String(choice.x)}
        onChange={(event) => onChoose({ ...choice, x: pick(event.target.value) ?? choice.x })}
      />
      <Select
        label="Value"
        className="w-44"
        empty="choose"
        options={numbers}
        value={String(choice.y)}
        onChange={(event) => onChoose({ ...choice, y: pick(event.target.value) ?? choice.y })}
      />
      <Select
        label="A series for each"
        className="w-44"
        empty="only one series"
        options={texts}
        value={choice.by === undefined ? '' : String(choice.by)}
        onChange={(event) => onChoose({ ...choice, by: pick(event.target.value) })}
      />
    </div>
  );
}
