import { clsx } from 'clsx';

export interface SparkPoint {
  value: number | null;
  /** Its bucket has not ended. */
  open: boolean;
}

const width = 100;
const height = 28;

/** Runs of neighbouring measured points: a gap separates them and is not bridged. */
function runs(points: readonly SparkPoint[]): { index: number; value: number }[][] {
  const found: { index: number; value: number }[][] = [[]];
  points.forEach(({ value }, index) => {
    if (value === null) found.push([]);
    else found.at(-1)?.push({ index, value });
  });
  return found.filter((run) => run.length > 0);
}

/** A small line from zero with its target; gaps are gaps, and the bucket that still runs is dotted. */
export function Sparkline({
  points,
  target,
  label,
  className,
}: {
  points: readonly SparkPoint[];
  target: number | undefined;
  label: string;
  className?: string;
}) {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  const most = Math.max(...values, 0);
  // A target far above the line would press the line flat; then it lies beyond the edge and is not drawn.
  const top =
    Math.max(target !== undefined && target <= most * 4 ? Math.max(most, target) : most, Number.EPSILON) * 1.05;
  const x = (index: number) => (points.length < 2 ? width / 2 : (index / (points.length - 1)) * width);
  const y = (value: number) => height - 1 - (value / top) * (height - 3);
  const closed = points.map((point) => (point.open ? { ...point, value: null } : point));
  const lastClosed = closed.findLastIndex(({ value }) => value !== null);
  const opening = points.findLast((point) => point.open && point.value !== null);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={clsx('h-7 w-full overflow-visible', className)}
    >
      <line
        x1="0"
        x2={width}
        y1={height - 1}
        y2={height - 1}
        className="stroke-line"
        vectorEffect="non-scaling-stroke"
      />
      {target !== undefined && target <= top && (
        <line
          x1="0"
          x2={width}
          y1={y(target)}
          y2={y(target)}
          className="stroke-warn"
          strokeDasharray="4 3"
          vectorEffect="non-scaling-stroke"
        />
      )}
      {runs(closed).map((run) => (
        <polyline
          key={run[0]?.index}
          points={run.map(({ index, value }) => `${x(index)},${y(value)}`).join(' ')}
          fill="none"
          className="stroke-accent"
          strokeWidth={run.length === 1 ? 4 : 1.5}
          strokeLinecap="round"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {opening?.value != null && lastClosed >= 0 && (
        <line
          x1={x(lastClosed)}
          y1={y(closed[lastClosed]?.value ?? 0)}
          x2={width}
          y2={y(opening.value)}
          className="stroke-accent"
          strokeDasharray="1 3"
          strokeWidth={1.5}
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}
