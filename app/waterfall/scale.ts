import { formatDuration, formatRough } from '#app/format.ts';

/** A stretch of time, milliseconds since 1970. */
export interface Interval {
  start: number;
  end: number;
}

export interface Segment extends Interval {
  /** Percent of the track's width. */
  from: number;
  to: number;
  /** Nothing ran here and the stretch is drawn shorter than it was. */
  squeezed: boolean;
}

export interface TimeScale {
  segments: readonly Segment[];
  /** Percent of the track's width at an instant, from 0 to 100. */
  at(time: number): number;
}

/** Stretches in which at least one interval runs, merged and in order. */
export function busyStretches(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && next.start <= last.end) last.end = Math.max(last.end, next.end);
    else merged.push({ ...next });
  }
  return merged;
}

/**
 * Maps time to percent. An order is worked on for seconds and waits for days, so to true scale every bar would be a
 * hair: with `squeeze`, an idle stretch longer than the whole busy time ÷ 10 takes only that much room.
 */
export function timeScale(intervals: readonly Interval[], squeeze: boolean): TimeScale {
  const busy = busyStretches(intervals);
  const total = busy.reduce((sum, part) => sum + (part.end - part.start), 0);
  const longest = squeeze ? Math.max(total / 10, 1) : Infinity;
  const weighted: (Interval & { weight: number; squeezed: boolean })[] = [];
  for (const [index, part] of busy.entries()) {
    const before = busy[index - 1];
    if (before) {
      const gap = part.start - before.end;
      weighted.push({ start: before.end, end: part.start, weight: Math.min(gap, longest), squeezed: gap > longest });
    }
    weighted.push({ ...part, weight: Math.max(part.end - part.start, 0), squeezed: false });
  }
  const sum = weighted.reduce((all, part) => all + part.weight, 0) || 1;
  let from = 0;
  const segments = weighted.map(({ start, end, weight, squeezed }) => {
    const to = from + (weight / sum) * 100;
    const segment = { start, end, from, to, squeezed };
    from = to;
    return segment;
  });
  return { segments, at: (time) => percentAt(segments, time) };
}

/** By halving: a long transaction asks for tens of thousands of instants. */
function percentAt(segments: readonly Segment[], time: number): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle]?.end ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  const part = segments[low];
  if (part === undefined) return segments.length === 0 ? 0 : 100;
  const length = part.end - part.start;
  if (length <= 0 || time <= part.start) return part.from;
  return part.from + ((time - part.start) / length) * (part.to - part.from);
}

export interface AxisTick {
  percent: number;
  /** Percent; of a shortened wait's band, 0 for a tick. */
  width: number;
  label: string;
  squeezed: boolean;
}

/** Labels closer than this many percent would run into each other. */
const labelRoom = 10;

/** Shortened waits with their true length, and times since the start wherever there is room for another label. */
export function axisTicks(scale: TimeScale): AxisTick[] {
  const start = scale.segments[0]?.start ?? 0;
  const ticks: AxisTick[] = [];
  const room = (percent: number) => {
    const last = ticks.findLast((tick) => tick.label !== '');
    return last === undefined || percent - last.percent >= labelRoom;
  };
  for (const part of scale.segments) {
    const length = part.end - part.start;
    const width = part.to - part.from;
    if (part.squeezed) {
      const label = width >= 5 && part.from < 92 && room(part.from) ? formatRough(length) : '';
      ticks.push({ percent: part.from, width, label, squeezed: true });
      continue;
    }
    for (const share of [0, 0.25, 0.5, 0.75]) {
      const percent = part.from + share * width;
      const at = part.start + share * length - start;
      const label = `+${formatDuration(at)}`;
      if (percent < 92 && room(percent) && !ticks.some((tick) => tick.label === label))
        ticks.push({ percent, width: 0, label, squeezed: false });
    }
  }
  return ticks;
}
